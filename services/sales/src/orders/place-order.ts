import { Injectable, UnprocessableEntityException } from '@nestjs/common';
import type { OrderSheet, OrderSubmitted } from '@retaguarda/contracts';
import { OrderPlaced, OrderRejected } from '@retaguarda/contracts';
import type { Tx } from '@retaguarda/database';
import type { HandlesAll } from '@retaguarda/messaging';
import { envelopeOf } from '@retaguarda/messaging';
import { isKeyed, type KeyedOrder } from '../idempotency/keyed-order.js';
import { holdByNumber } from './orders.js';
import { objectionsTo } from './policy.js';
import { sheetFrom } from './pricing.js';
import { statusOf } from './status.js';

interface Decided {
  readonly orderId: string;
  readonly sheet: OrderSheet;
  /** Empty: the order is taken. */
  readonly reasons: readonly string[];
}

/** Takes an order in, or rejects it with reasons; either way it is known from then on and exists once. */
@Injectable()
export class PlaceOrder implements HandlesAll<OrderSubmitted, OrderPlaced | OrderRejected> {
  async handleAll(events: readonly OrderSubmitted[], tx: Tx) {
    const decided = events.map((event) => decide(tx, event));
    const isNew = await insert(tx, decided);
    for (const event of events) if (isKeyed(event)) await keepAnswer(tx, event);
    return decided.filter(({ orderId }) => isNew.has(orderId)).map(announce);
  }
}

function decide(tx: Tx, event: OrderSubmitted): Decided {
  const sheet = sheetFrom(event);
  const orderId = tx.idFrom('order', sheet.channel, sheet.externalId);
  return { orderId, sheet, reasons: objectionsTo(sheet) };
}

function announce({ orderId, sheet, reasons }: Decided): OrderPlaced | OrderRejected {
  const { channel, externalId } = sheet;
  if (reasons.length > 0) return OrderRejected.of({ orderId, channel, externalId, reasons: [...reasons] });
  return OrderPlaced.of({ orderId, ...sheet });
}

/** Returns the ids of those that are new. The order of insertion is the same everywhere, or two batches could deadlock. */
async function insert(tx: Tx, decided: readonly Decided[]): Promise<Set<string>> {
  const sheets = decided.map(({ sheet }) => sheet);
  const rows = await tx.query<{ id: string }>(
    `insert into orders (id, channel, external_id, sheet, total, currency, placed_at, reasons, rejected_at)
     select id, channel, external_id, sheet, total, currency, $8::timestamptz,
            case when reasons = '[]' then '{}' else jsonb_build_object('rejected', reasons) end,
            case when reasons <> '[]' then $8::timestamptz end
       from unnest($1::uuid[], $2::text[], $3::text[], $4::jsonb[], $5::bigint[], $6::text[], $7::jsonb[])
            with ordinality as o(id, channel, external_id, sheet, total, currency, reasons, arrival)
      order by channel, external_id, arrival
     on conflict do nothing returning id`,
    [
      decided.map(({ orderId }) => orderId),
      sheets.map(({ channel }) => channel),
      sheets.map(({ externalId }) => externalId),
      sheets.map((sheet) => JSON.stringify(sheet)),
      sheets.map(({ total }) => total),
      sheets.map(({ currency }) => currency),
      decided.map(({ reasons }) => JSON.stringify(reasons)),
      tx.now,
    ],
  );
  return new Set(rows.map(({ id }) => id));
}

/**
 * Ties the key to its order and to the answer, in the transaction of the order: neither is there without the other. A
 * request with the same key that comes at the same time waits here for this one. Throws 422 for another body, which
 * undoes the transaction.
 */
async function keepAnswer(tx: Tx, order: KeyedOrder): Promise<void> {
  const { idempotencyKey, fingerprint } = order;
  const kept = (await holdByNumber(tx, order))!;
  const [isNew] = await tx.query(
    `insert into idempotency_keys (key, fingerprint, request_id, order_id, status, used_at)
     values ($1, $2, $3, $4, $5, $6) on conflict do nothing returning 1`,
    [idempotencyKey, fingerprint, envelopeOf(order).id, kept.id, statusOf(kept), tx.now],
  );
  if (isNew) return;
  const [isSameBody] = await tx.query('select 1 from idempotency_keys where key = $1 and fingerprint = $2', [
    idempotencyKey,
    fingerprint,
  ]);
  if (!isSameBody)
    throw new UnprocessableEntityException('This Idempotency-Key was already used with another body; use a new key.');
}
