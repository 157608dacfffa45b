import type { Fact, LockedOrder } from './orders.js';

/** The facts that other departments tell. */
export type ToldFact = Extract<Fact, 'reserved' | 'packed' | 'invoiced' | 'shipped' | 'paid'>;

/** What is new about one order. */
export interface Progress {
  readonly order: LockedOrder;
  readonly times: { readonly [fact in ToldFact]?: Date };
}

/** Puts together what a batch tells about each order. What is known already is left out; the first to tell wins. */
export function merge(told: readonly { order: LockedOrder; fact: ToldFact; at: Date }[]): Progress[] {
  const progress = new Map<string, Progress>();
  for (const { order, fact, at } of told) {
    if (order[fact]) continue;
    const times = progress.get(order.id)?.times ?? {};
    progress.set(order.id, { order, times: { [fact]: at, ...times } });
  }
  return [...progress.values()];
}

/** Shipped and paid, whichever came last, and not ended in another way: that happens once, as facts are recorded once. */
export function isCompletedBy({ order, times }: Progress): boolean {
  if (order.completed || order.rejected || order.cancelled) return false;
  return (order.shipped || Boolean(times.shipped)) && (order.paid || Boolean(times.paid));
}
