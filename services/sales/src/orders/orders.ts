import type { Tx } from '@retaguarda/database';
import { envelopeOf } from '@retaguarda/messaging';
import type { Fact, FactTimes } from './facts.js';
import { columnOf, FACT_COLUMNS } from './facts.js';

/** An order and what is known about it. */
export interface KnownOrder extends FactTimes {
  readonly id: string;
  readonly channel: string;
  readonly externalId: string;
  /** Minor units. */
  readonly total: number;
  readonly currency: string;
}

/** The channel's own number of an order; unique for ever. */
export interface OrderNumber {
  readonly channel: string;
  readonly externalId: string;
}

/** A select list whose rows are `KnownOrder`. A total stays below 2^53, so a float holds it exactly. */
export const KNOWN_ORDER = `id, channel, external_id as "externalId", total::float8 as total, currency, ${FACT_COLUMNS}`;

/** Locks the orders of these events. Every row of the process locks by ascending id, so no two wait for each other. */
export async function lock(tx: Tx, events: readonly { orderId: string }[]): Promise<Map<string, KnownOrder>> {
  const orders = await tx.query<KnownOrder>(
    `select ${KNOWN_ORDER} from orders where id = any($1::uuid[]) order by id for update`,
    [events.map(({ orderId }) => orderId)],
  );
  return new Map(orders.map((order) => [order.id, order]));
}

/** The same for events that know an order by its number: by `numberOf`. */
export async function lockByNumber(tx: Tx, numbers: readonly OrderNumber[]): Promise<Map<string, KnownOrder>> {
  const orders = await tx.query<KnownOrder>(
    `select ${KNOWN_ORDER} from orders
      where (channel, external_id) in (select * from unnest($1::text[], $2::text[])) order by id for update`,
    [numbers.map(({ channel }) => channel), numbers.map(({ externalId }) => externalId)],
  );
  return new Map(orders.map((order) => [numberOf(order), order]));
}

export async function findByNumber(tx: Tx, { channel, externalId }: OrderNumber): Promise<KnownOrder | undefined> {
  const [order] = await tx.query<KnownOrder>(
    `select ${KNOWN_ORDER} from orders where channel = $1 and external_id = $2`,
    [channel, externalId],
  );
  return order;
}

/** A channel has no slash in its name. */
export function numberOf({ channel, externalId }: OrderNumber): string {
  return `${channel}/${externalId}`;
}

/** The first event for each order of a batch; what says the same later adds nothing. */
export function firstOfEach<E>(events: readonly E[], orderOf: (event: E) => string): E[] {
  const first = new Map<string, E>();
  for (const event of events) if (!first.has(orderOf(event))) first.set(orderOf(event), event);
  return [...first.values()];
}

/** What becomes known about a locked order. */
export interface Finding {
  readonly orderId: string;
  readonly at: Date;
  readonly reasons: readonly string[];
}

/** Records one fact about each of these locked orders, with its reasons. */
export async function record(tx: Tx, fact: Fact, findings: readonly Finding[]): Promise<void> {
  if (findings.length === 0) return;
  const column = columnOf(fact);
  await tx.query(
    `update orders o set ${column} = f.at, reasons = o.reasons || jsonb_build_object('${fact}', f.reasons)
       from unnest($1::uuid[], $2::timestamptz[], $3::jsonb[]) as f(order_id, at, reasons)
      where o.id = f.order_id and o.${column} is null`,
    [
      findings.map(({ orderId }) => orderId),
      findings.map(({ at }) => at),
      findings.map(({ reasons }) => JSON.stringify(reasons)),
    ],
  );
}

/** When an event happened, by the clock of the department that tells it. */
export function happenedAt(event: object, tx: Tx): Date {
  const time = new Date(envelopeOf(event).time);
  return Number.isNaN(time.getTime()) ? tx.now : time;
}
