import { createReadStream } from 'node:fs';
import { dayOf } from '../../test/orders-of-a-day.js';
import { sampleFile } from './prepared-feed.js';
import { readSales } from './read-sales.js';
import { plannedOrders } from './repeat.js';
import { stockingFor } from './stocking.js';
import type { SubmittedOrder } from './submitted-order.js';
import { toOrders } from './to-orders.js';
import type { DayOfOrders } from './to-orders.js';

let day: DayOfOrders;
beforeAll(async () => {
  day = toOrders(await readSales(createReadStream(sampleFile)));
});

const planned = (count: number, seed = '1') => [...plannedOrders({ count, seed, from: day })];

/** What the stock department does: an order gets all its goods or none. Written apart from the planning on purpose. */
function rejectedBy(orders: SubmittedOrder[], shelf: Map<string, number>): number {
  let rejected = 0;
  for (const { lines } of orders) {
    const goods = lines.filter(({ kind }) => kind === 'goods');
    const before = new Map(shelf);
    for (const { sku, quantity } of goods) shelf.set(sku, (shelf.get(sku) ?? 0) - quantity);
    if (!goods.some(({ sku }) => (shelf.get(sku) ?? 0) < 0)) continue;
    rejected += 1;
    for (const { sku } of goods) shelf.set(sku, before.get(sku) ?? 0);
  }
  return rejected;
}

describe('Goods for the planned orders', () => {
  it.each([
    [127, '1'],
    [500, '1'],
    [2_000, '2'],
  ])('reject 5 to 10 %% of %d orders (seed %s), as many as announced', (count, seed) => {
    const orders = planned(count, seed);
    const { receipts, expectedRejections } = stockingFor(orders, { seed });
    const shelf = new Map(receipts.flatMap(({ lines }) => lines).map(({ sku, quantity }) => [sku, quantity]));
    const rejected = rejectedBy(orders, shelf);
    expect(rejected).toBe(expectedRejections);
    expect(rejected / count).toBeGreaterThan(0.05);
    expect(rejected / count).toBeLessThan(0.1);
  });

  it('are enough for every order of a feed that is too small to reject a twentieth', () => {
    expect(stockingFor(planned(10), { seed: '1' })).toMatchObject({ shortSkus: [], expectedRejections: 0 });
  });

  it('cover the whole demand of every item that is not short on purpose', () => {
    const orders = planned(300);
    const { receipts, shortSkus } = stockingFor(orders, { seed: '1' });
    const received = new Map(receipts.flatMap(({ lines }) => lines).map(({ sku, quantity }) => [sku, quantity]));
    const demand = new Map<string, number>();
    for (const { sku, quantity, kind } of orders.flatMap(({ lines }) => lines)) {
      if (kind === 'goods') demand.set(sku, (demand.get(sku) ?? 0) + quantity);
    }
    expect(shortSkus.length).toBeGreaterThan(0);
    for (const [sku, wanted] of demand) {
      expect([sku, received.get(sku) ?? 0]).toEqual([sku, shortSkus.includes(sku) ? Math.floor(wanted * 0.6) : wanted]);
    }
  });

  it('come in receipts of at most 500 lines, each item once and none at 0', () => {
    const { receipts } = stockingFor(planned(127), { seed: '1' });
    expect(receipts.map(({ lines }) => lines.length)).toEqual([500, 500, expect.any(Number)]);
    const lines = receipts.flatMap((receipt) => receipt.lines);
    expect(new Set(lines.map(({ sku }) => sku)).size).toBe(lines.length);
    expect(lines.every(({ quantity, name }) => quantity > 0 && name !== '')).toBe(true);
  });

  it('have references that tell the run, the seed and the number of orders, so that twice adds nothing', () => {
    const orders = dayOf(3).orders;
    const references = (run?: string) =>
      stockingFor(orders, { seed: '7', run }).receipts.map(({ reference }) => reference);
    expect(references()).toEqual(['sample-seed7-3-1']);
    expect(references('today')).toEqual(['sample-today-seed7-3-1']);
  });

  it('are none for services', () => {
    const { receipts } = stockingFor(planned(127), { seed: '1' });
    expect(receipts.flatMap(({ lines }) => lines).map(({ sku }) => sku)).not.toContain('GIFT-WRAP');
    expect(planned(127).some(({ lines }) => lines.some(({ sku }) => sku === 'GIFT-WRAP'))).toBe(true);
  });
});
