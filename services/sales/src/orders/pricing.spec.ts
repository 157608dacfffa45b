import { maxAmount, maxSum, OrderSheet, OrderSubmitted } from '@retaguarda/contracts';
import fc from 'fast-check';
import { lineTotal, sheetFrom } from './pricing.js';

const submitted = (changes: Partial<OrderSubmitted> = {}) =>
  Object.assign(new OrderSubmitted(), OrderSubmitted.example, changes);
const line = (changes: object) => ({
  sku: 'A',
  name: 'A',
  quantity: 1,
  unitPrice: 0,
  discount: 0,
  kind: 'goods' as const,
  ...changes,
});

describe('the price of an order', () => {
  it('makes the sheet that the contract gives as its example', () => {
    expect(sheetFrom(OrderSubmitted.example)).toEqual(OrderSheet.example);
  });

  it('numbers lines from 1 in the order in which they were sent, and keeps two lines of one item apart', () => {
    const { lines } = sheetFrom(submitted({ lines: [line({ sku: 'B' }), line({ sku: 'A' }), line({ sku: 'B' })] }));
    expect(lines.map(({ line: number, sku }) => [number, sku])).toEqual([
      [1, 'B'],
      [2, 'A'],
      [3, 'B'],
    ]);
  });

  it('takes a line without discount and kind as goods at full price, and an order without fee as shipped for nothing', () => {
    const { shippingFee: _, lines: __, ...rest } = OrderSubmitted.example;
    const bare = {
      ...rest,
      lines: [{ sku: 'A', name: 'A', quantity: 3, unitPrice: 250 }],
    } as unknown as OrderSubmitted;
    const sheet = sheetFrom(bare);
    expect(sheet.lines).toEqual([
      { line: 1, sku: 'A', name: 'A', quantity: 3, unitPrice: 250, discount: 0, kind: 'goods' },
    ]);
    expect(sheet).toMatchObject({ shippingFee: 0, total: 750 });
  });

  it('can be nothing at all', () => {
    expect(sheetFrom(submitted({ lines: [line({ unitPrice: 500, discount: 500 })], shippingFee: 0 })).total).toBe(0);
  });

  it('is what its lines cost and the fee, to the last cent', () => {
    const priced = fc
      .record({ quantity: fc.integer({ min: 1, max: 1_000_000 }), unitPrice: fc.integer({ min: 0, max: 1_000_000 }) })
      .chain(({ quantity, unitPrice }) =>
        fc.integer({ min: 0, max: quantity * unitPrice }).map((discount) => line({ quantity, unitPrice, discount })),
      );
    const orders = fc.record({
      lines: fc.array(priced, { minLength: 1, maxLength: 20 }),
      shippingFee: fc.nat(maxAmount),
    });
    fc.assert(
      fc.property(orders, ({ lines, shippingFee }) => {
        const sheet = sheetFrom(submitted({ lines, shippingFee }));
        const exact = sheet.lines.reduce((sum, each) => sum + BigInt(lineTotal(each)), BigInt(shippingFee));
        expect(BigInt(sheet.total)).toBe(exact);
      }),
      { seed: 3001 },
    );
  });

  it('is exact at the largest sum that the contract lets through', () => {
    const largest = submitted({
      lines: [line({ quantity: 1_000, unitPrice: maxSum / 1_000 })],
      shippingFee: maxAmount,
    });
    expect(sheetFrom(largest).total).toBe(1_001_000_000_000_000);
  });

  it.each([
    ['one line', [line({ quantity: 1_000_000, unitPrice: 1e12 })]],
    ['all lines together', Array.from({ length: 1_000 }, () => line({ quantity: 10, unitPrice: 1e12 }))],
    ['a line whose discount brings it back into reach', [line({ quantity: 9_008, unitPrice: 1e12, discount: 1e12 })]],
  ])('is refused rather than rounded when %s cannot be exact', (_, lines) => {
    expect(() => sheetFrom(submitted({ lines }))).toThrow('not an exact amount');
  });

  it('is refused when discounts make it less than nothing', () => {
    expect(() => sheetFrom(submitted({ lines: [line({ discount: 1 })], shippingFee: 0 }))).toThrow('0 or more');
  });
});
