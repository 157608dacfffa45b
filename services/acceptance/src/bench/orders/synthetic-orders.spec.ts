import { OrderSubmitted, validate } from '@retaguarda/contracts';
import { skuOf, syntheticOrders } from './synthetic-orders.js';

const some = (shape = {}) => [...syntheticOrders('run', 300, { lines: 3, isHot: false, ...shape })];
const skusOf = ({ lines }: OrderSubmitted) => lines.map(({ sku }) => sku);

describe('the orders of the benchmark', () => {
  it('are the same in every run and for every contender', () => expect(some()).toEqual(some()));

  it('pass the storefront door', () => {
    for (const order of some()) expect(validate(OrderSubmitted, order)).toEqual({ event: order });
  });

  it('have three lines on average, each of another item', () => {
    const sizes = some().map(({ lines }) => lines.length);
    expect([Math.min(...sizes), Math.max(...sizes)]).toEqual([2, 4]);
    for (const order of some()) expect(new Set(skusOf(order)).size).toBe(order.lines.length);
  });

  it('have as many lines as those of the real sample when asked for', () => {
    const sizes = some({ lines: 24 }).map(({ lines }) => lines.length);
    const average = sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
    expect([Math.min(...sizes), Math.max(...sizes), Math.round(average)]).toEqual([16, 32, 24]);
  });

  it('hold the hot item always or never', () => {
    expect(some({ isHot: true }).every((order) => skusOf(order).includes(skuOf(0)))).toBe(true);
    expect(some().some((order) => skusOf(order).includes(skuOf(0)))).toBe(false);
  });
});
