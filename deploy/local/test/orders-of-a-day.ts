import type { Sale } from '../src/orders/read-sales.js';
import { toOrders } from '../src/orders/to-orders.js';
import type { DayOfOrders } from '../src/orders/to-orders.js';

/** A made-up day for tests: `length` orders of one line each; of ten items, the first is in every order. */
export function dayOf(length: number, more: readonly Sale[] = []): DayOfOrders {
  const sales = Array.from({ length }, (_, index) => [saleOf(index, 'A-0'), saleOf(index, `A-${1 + (index % 9)}`)]);
  return toOrders([...sales.flat(), ...more]);
}

export function saleOf(index: number, sku: string, some: Partial<Sale> = {}): Sale {
  return {
    row: index + 2,
    invoice: String(1_000 + index),
    sku,
    description: `Item ${sku}`,
    quantity: 2,
    soldAt: '2010-12-01T08:26:00.000Z',
    unitPrice: 100,
    customer: String(index),
    country: 'United Kingdom',
    ...some,
  };
}
