import { OrderCancellationRequested, OrderSubmitted, totalOf, validate } from '@retaguarda/contracts';
import { createReadStream } from 'node:fs';
import { tally } from './outcomes.js';
import { readSales } from './read-sales.js';
import type { Sale } from './read-sales.js';
import { ordersFor } from './repeat.js';
import { toOrders } from './to-orders.js';

const sampleUrl = (day: string) => new URL(`../../sample/${day}.csv`, import.meta.url);

describe.each([
  ['2010-12-01', { rows: 3_108, orders: 127, items: 1_336 }],
  ['2010-12-02', { rows: 2_109, orders: 141, items: 921 }],
])('The shop on %s', (date, known) => {
  let sales: Sale[];
  beforeAll(async () => {
    sales = await readSales(createReadStream(sampleUrl(date)));
  });

  it('ends every row in exactly one outcome with its reason', () => {
    const { outcomes } = toOrders(sales);
    expect(outcomes.map(({ row }) => row)).toEqual(sales.map(({ row }) => row));
    expect(outcomes).toHaveLength(known.rows);
    expect(tally(outcomes).reduce((sum, { rows }) => sum + rows, 0)).toBe(known.rows);
    expect(outcomes.every(({ why }) => why.length > 10)).toBe(true);
  });

  it('has orders that the back office accepts, each number once', () => {
    const { orders, catalogue } = toOrders(sales);
    expect(orders).toHaveLength(known.orders);
    expect(catalogue).toHaveLength(known.items);
    expect(new Set(orders.map(({ externalId }) => externalId)).size).toBe(known.orders);
    for (const order of orders)
      expect(validate(OrderSubmitted, order)).toEqual({ event: expect.objectContaining(order) });
  });

  it('keeps the money of every invoice to the penny', () => {
    for (const order of toOrders(sales).orders) {
      const rows = sales.filter(({ invoice, unitPrice }) => invoice === order.externalId && unitPrice > 0);
      const invoiced = rows.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice, 0);
      const giftWrap = order.lines.find(({ sku }) => sku === 'GIFT-WRAP')?.unitPrice ?? 0;
      expect([order.externalId, totalOf(order) - giftWrap]).toEqual([order.externalId, invoiced]);
    }
  });

  it('has cancellation requests that the back office accepts', () => {
    const submissions = [...ordersFor({ count: 500, seed: '1', from: toOrders(sales), run: 'today' })];
    const requested = submissions.flatMap((one) => (one.kind === 'cancellation' ? [one.cancellation] : []));
    expect(requested.length).toBeGreaterThan(0);
    for (const request of requested) {
      expect(validate(OrderCancellationRequested, request)).toEqual({ event: expect.objectContaining(request) });
    }
  });

  it('has the made-up shares that the README names', () => {
    const { orders } = toOrders(sales);
    const share = (isSo: (order: OrderSubmitted) => boolean) =>
      orders.filter((order) => isSo(order as OrderSubmitted)).length / orders.length;
    expect(share(({ payment }) => payment.terms === 'prepaid')).toBeCloseTo(0.6, 1);
    expect(share(({ delivery }) => delivery.method === 'pickup')).toBeCloseTo(0.15, 1);
    expect(share(({ lines }) => lines.some(({ sku }) => sku === 'GIFT-WRAP'))).toBeCloseTo(0.05, 1);
  });

  it('is the same for the same seed and pays differently for another', () => {
    expect(toOrders(sales)).toEqual(toOrders(sales, { seed: '1' }));
    const terms = (seed: string) =>
      toOrders(sales, { seed })
        .orders.map(({ payment }) => payment.method)
        .join();
    expect(terms('2')).not.toBe(terms('1'));
  });
});
