import type { Tx } from '@retaguarda/database';
import type { NotYet } from '@retaguarda/messaging';
import { notYet, Unprocessable } from '@retaguarda/messaging';
import type { KnownOrder } from './orders.js';
import { firstOfEach, lock, record } from './orders.js';

export interface Ended<E> {
  readonly event: E;
  readonly order: KnownOrder;
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
  const ended = firstOfEach(events, ({ orderId }) => orderId).flatMap((event) => {
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

function isToEnd(order: KnownOrder, end: string): boolean {
  if (order.rejected || order.cancelled) return false;
  if (order.shipped) throw new Unprocessable(`Order ${order.id} was shipped and cannot be ${end}.`);
  return true;
}
