import { draw } from './draw.js';
import type { SubmittedOrder } from './submitted-order.js';
import type { DayOfOrders } from './to-orders.js';

/** The share of orders that the simulated customer cancels shortly after submission. */
export const simulatedCancellationShare = 0.02;
/** A simulated cancellation comes after at most this many further orders. */
const patienceOrders = 10;
const dayMs = 86_400_000;

export interface RequestedCancellation {
  channel: string;
  externalId: string;
  reason: string;
}

/** What the storefront submits, one after the other. */
export type Submission =
  | { kind: 'order'; order: SubmittedOrder }
  | { kind: 'cancellation'; cancellation: RequestedCancellation; isSimulated: boolean };

export interface Feed {
  /** How many orders; `Infinity` for a feed without end. Cancellations come on top. */
  count: number;
  seed: string;
  from: DayOfOrders;
  /**
   * Put before every external id, so that another run's orders are other orders; none: the invoice numbers as they are.
   */
  run?: string;
}

/**
 * The day's orders in their order, then the same day again and again: `536365`, then `536365-2` one day later, and so
 * on. Same arguments, same feed; a larger `count` only continues it. A cancellation comes after its order, never
 * before.
 */
export function* ordersFor({ count, seed, from, run }: Feed): Generator<Submission, void, undefined> {
  const { length } = from.orders;
  if (length === 0) throw new Error('The file has no order to submit');
  const credited = new Map(from.cancellations.map((cancellation) => [cancellation.externalId, cancellation]));
  const waiting = new Map<number, Submission[]>();

  for (let index = 0; index < count; index += 1) {
    const [position, round] = [index % length, Math.floor(index / length)];
    const order = repeated(from.orders[position] as SubmittedOrder, round, run);
    yield { kind: 'order', order };
    const credit = credited.get(from.orders[position]?.externalId ?? '');
    const due = credit ? index + credit.afterOrders - 1 - position : simulatedDue(index, position, round, seed);
    if (due !== undefined) {
      const reason = credit?.reason ?? 'The customer changed their mind (simulated)';
      const cancellation = { channel: order.channel, externalId: order.externalId, reason };
      waiting.set(due, [...(waiting.get(due) ?? []), { kind: 'cancellation', cancellation, isSimulated: !credit }]);
    }
    yield* waiting.get(index) ?? [];
    waiting.delete(index);
  }
  for (const late of [...waiting.keys()].sort((a, b) => a - b)) yield* waiting.get(late) ?? [];
}

/** The orders alone, as the stock must be planned for them. */
export function* plannedOrders(feed: Feed): Generator<SubmittedOrder, void, undefined> {
  for (const submission of ordersFor(feed)) if (submission.kind === 'order') yield submission.order;
}

function repeated(order: SubmittedOrder, round: number, run?: string): SubmittedOrder {
  const number = round === 0 ? order.externalId : `${order.externalId}-${round + 1}`;
  const placedAt = new Date(Date.parse(order.placedAt) + round * dayMs).toISOString();
  return { ...order, externalId: run ? `${run}-${number}` : number, placedAt };
}

function simulatedDue(index: number, position: number, round: number, seed: string): number | undefined {
  const words = [seed, String(position), String(round)];
  if (draw(...words, 'changes mind') >= simulatedCancellationShare) return undefined;
  return index + Math.floor(draw(...words, 'patience') * patienceOrders);
}
