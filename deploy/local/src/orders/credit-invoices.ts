import type { Sale } from './read-sales.js';

/** A sold invoice as far as a credit can refer to it: quantities by SKU that no earlier credit took. */
export interface CreditableOrder {
  invoice: string;
  customer?: string;
  soldAt: string;
  sold: ReadonlyMap<string, number>;
  left: Map<string, number>;
}

/** What a credit invoice covers; `invoice` is the order's. */
export type Credit = { covers: 'whole order' | 'part'; invoice: string } | { covers: 'nothing'; invoice?: undefined };

export function creditable(goods: readonly Sale[]): CreditableOrder {
  const [first] = goods;
  const sold = quantities(goods);
  return {
    invoice: first?.invoice ?? '',
    customer: first?.customer,
    soldAt: first?.soldAt ?? '',
    sold,
    left: new Map(sold),
  };
}

/**
 * Which earlier order the goods of a credit invoice came from: the latest one of the same customer that still has all
 * of them. What is credited is taken off that order, so that two credits never claim the same piece.
 */
export function matchCredit(goods: readonly Sale[], orders: readonly CreditableOrder[]): Credit {
  const [first] = goods;
  if (!first?.customer) return { covers: 'nothing' };
  const credited = quantities(goods);
  const order = orders
    .filter(({ customer, soldAt }) => customer === first.customer && soldAt <= first.soldAt)
    .findLast(({ left }) => [...credited].every(([sku, quantity]) => quantity <= (left.get(sku) ?? 0)));
  if (!order) return { covers: 'nothing' };
  const isWhole = isSame(credited, order.sold);
  for (const [sku, quantity] of credited) order.left.set(sku, (order.left.get(sku) ?? 0) - quantity);
  return { covers: isWhole ? 'whole order' : 'part', invoice: order.invoice };
}

function quantities(goods: readonly Sale[]): Map<string, number> {
  const bySku = new Map<string, number>();
  for (const { sku, quantity } of goods) bySku.set(sku, (bySku.get(sku) ?? 0) + Math.abs(quantity));
  return bySku;
}

function isSame(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): boolean {
  return a.size === b.size && [...a].every(([sku, quantity]) => b.get(sku) === quantity);
}
