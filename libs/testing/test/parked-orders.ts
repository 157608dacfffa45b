import { OrderPlaced } from '@retaguarda/contracts';
import type { Incoming } from '@retaguarda/messaging';
import type { DataSource } from 'typeorm';
import { v7 as uuid } from 'uuid';
import { messageOf } from '../src/index.js';

export const orderId = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
export const order = (n: number, notes?: string) =>
  OrderPlaced.of({ ...OrderPlaced.example, orderId: orderId(n), ...(notes ? { notes } : {}) });

export interface ParkedBefore {
  readonly step?: string;
  readonly cause?: string;
  readonly reasons?: readonly { field: string; problem: string }[];
}

/** Puts messages where an incident would have left them, in one statement. Returns their ids, in the same order. */
export async function parkAll(
  source: DataSource,
  messages: readonly Incoming[],
  { step = 'bakery.bake-bread', cause = 'attempts used up', reasons = [cold] }: ParkedBefore = {},
): Promise<string[]> {
  const ids = messages.map(() => uuid());
  await source.query(
    `insert into parked (id, step, message_key, type, subject, exchange, routing_key, content_type, message_id, headers,
                         body, cause, reasons, attempts)
     select id, $2, key, type, subject, exchange, type, 'application/cloudevents+json', key, '{}', body, $7, $8, 6
       from unnest($1::uuid[], $3::text[], $4::text[], $5::text[], $6::bytea[], $9::text[])
            as m(id, key, type, exchange, body, subject)`,
    [
      ids,
      step,
      messages.map(({ messageId }) => messageId),
      messages.map(({ routingKey }) => routingKey),
      messages.map(({ exchange }) => exchange),
      messages.map(({ body }) => body),
      cause,
      JSON.stringify(reasons),
      messages.map(({ body }) => subjectIn(body)),
    ],
  );
  return ids;
}

const cold = { field: '', problem: 'Error: the oven is cold' };

function subjectIn(body: Buffer): string | undefined {
  return (JSON.parse(body.toString()) as { data: { orderId?: string } }).data.orderId;
}

export const parkedOrders = (count: number, notes?: string): Incoming[] =>
  Array.from({ length: count }, (_, n) => messageOf(order(n, notes)));
