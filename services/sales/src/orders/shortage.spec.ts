import { OrderRejected, validate } from '@retaguarda/contracts';
import { reasonsFor } from './shortage.js';

const missing = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ sku: `S${index}`, requested: 8, available: 3 }));

describe('the reasons of an order that stock cannot fill', () => {
  it('say what is missing', () => {
    expect(reasonsFor([{ sku: '71053', requested: 8, available: 3 }])).toEqual(['71053: 8 requested, 3 available']);
  });

  it.each([
    [1, 1, 'S0: 8 requested, 3 available'],
    [50, 50, 'S49: 8 requested, 3 available'],
    [51, 50, 'and 2 more items'],
    [1_000, 50, 'and 951 more items'],
  ])('for %i items are %i, the last of them "%s"', (count, reasonCount, last) => {
    const reasons = reasonsFor(missing(count));
    expect([reasons.length, reasons.at(-1)]).toEqual([reasonCount, last]);
    expect(validate(OrderRejected, { ...OrderRejected.example, reasons })).toHaveProperty('event');
  });
});
