import type { Tx } from '@retaguarda/database';
import type { NotYet } from '@retaguarda/messaging';
import { envelopeOf, firstOfEach, notYet, Unprocessable } from '@retaguarda/messaging';

/** What can become known about an order, in whatever order. Each fact is recorded once; the first to tell it wins. */
export const facts = [
  'placed',
  'reserved',
  'packed',
  'invoiced',
  'shipped',
  'paid',
  'completed',
  'rejected',
  'cancelled',
  'cancellation-requested',
  'cancellation-refused',
] as const;
export type Fact = (typeof facts)[number];

/** When each fact was; null while it is none. */
export type FactTimes = Readonly<Record<Fact, Date | null>>;

export function columnOf(fact: Fact): string {
  return `${fact.replace('-', '_')}_at`;
}

/** The fact columns as a select list whose rows are `FactTimes`. */
export const FACT_COLUMNS = facts.map((fact) => `${columnOf(fact)} as "${fact}"`).join(', ');

/** What an order is, whatever is known about it. */
interface OrderItself {
  readonly id: string;
  readonly channel: string;
  readonly externalId: string;
  /** Minor units. */
  readonly total: number;
  readonly currency: string;
}

/** An order and when each fact about it was. */
export type KnownOrder = OrderItself & FactTimes;

/** An order under lock, and which facts about it are known: five times an order, so their times stay in the table. */
export type LockedOrder = OrderItself & Readonly<Record<Fact, boolean>>;

/** The channel's own number of an order; unique for ever. */
export interface OrderNumber {
  readonly channel: string;
  readonly externalId: string;
}

/** A select list. A total stays below 2^53, so a float holds it exactly. */
const ORDER_ITSELF = 'id, channel, external_id as "externalId", total::float8 as total, currency';
/** A select list whose rows are `KnownOrder`. */
export const KNOWN_ORDER = `${ORDER_ITSELF}, ${FACT_COLUMNS}`;
/** A select list whose rows are `LockedOrder`. */
const LOCKED_ORDER = `${ORDER_ITSELF}, ${facts.map((fact) => `${columnOf(fact)} is not null as "${fact}"`).join(', ')}`;

/** Locks the orders of these events. Every row of the process locks by ascending id, so no two wait for each other. */
export async function lock(tx: Tx, events: readonly { orderId: string }[]): Promise<Map<string, LockedOrder>> {
  const orders = await tx.query<LockedOrder>(
    `select ${LOCKED_ORDER} from orders where id = any($1::uuid[]) order by id for update`,
    [events.map(({ orderId }) => orderId)],
  );
  return new Map(orders.map((order) => [order.id, order]));
}

/** The same for events that know an order by its number: by `numberOf`. */
export async function lockByNumber(tx: Tx, numbers: readonly OrderNumber[]): Promise<Map<string, LockedOrder>> {
  const orders = await tx.query<LockedOrder>(
    `select ${LOCKED_ORDER} from orders
      where (channel, external_id) in (select * from unnest($1::text[], $2::text[])) order by id for update`,
    [numbers.map(({ channel }) => channel), numbers.map(({ externalId }) => externalId)],
  );
  return new Map(orders.map((order) => [numberOf(order), order]));
}

/**
 * As nobody can change it before the transaction ends: what is read without that is another in a recovery, which does
 * one transaction after the other.
 */
export async function holdByNumber(tx: Tx, { channel, externalId }: OrderNumber): Promise<KnownOrder | undefined> {
  const [order] = await tx.query<KnownOrder>(
    `select ${KNOWN_ORDER} from orders where channel = $1 and external_id = $2 for share`,
    [channel, externalId],
  );
  return order;
}

/** A channel has no slash in its name. */
export function numberOf({ channel, externalId }: OrderNumber): string {
  return `${channel}/${externalId}`;
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

export interface Ended<E> {
  readonly event: E;
  readonly order: LockedOrder;
  readonly reasons: string[];
}

/**
 * Ends orders before their time. An order has one end: one that was rejected or cancelled before stays as it is. Throws
 * `Unprocessable` for an order that left the house, as somebody has to look at that.
 */
export async function endOrders<E extends { readonly orderId: string }>(
  tx: Tx,
  end: 'rejected' | 'cancelled',
  events: readonly E[],
  reasonsOf: (event: E) => string[],
): Promise<{ ended: Ended<E>[]; early: NotYet[] }> {
  const orders = await lock(tx, events);
  const ended = firstOfEach(events).flatMap((event) => {
    const order = orders.get(event.orderId);
    return order && isToEnd(order, end) ? [{ event, order, reasons: reasonsOf(event) }] : [];
  });
  await record(
    tx,
    end,
    ended.map(({ order, reasons }) => ({ orderId: order.id, at: tx.now, reasons })),
  );
  const unknown = events.filter(({ orderId }) => !orders.has(orderId));
  return { ended, early: unknown.map((event) => notYet('the order is not known yet', event)) };
}

function isToEnd(order: LockedOrder, end: string): boolean {
  if (order.rejected || order.cancelled) return false;
  if (order.shipped) throw new Unprocessable(`Order ${order.id} was shipped and cannot be ${end}.`);
  return true;
}

/** When an event happened, by the clock of the department that tells it. */
export function happenedAt(event: object, tx: Tx): Date {
  const time = new Date(envelopeOf(event).time);
  return Number.isNaN(time.getTime()) ? tx.now : time;
}
