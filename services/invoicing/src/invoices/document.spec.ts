import { OrderSheet } from '@retaguarda/contracts';
import fc from 'fast-check';
import { realOrders } from '../../test/invoiced-orders.js';
import { documentOf, reasonFrom } from './document.js';

fc.configureGlobal({ seed: 20_261_124 });

const priced = (lines: readonly [quantity: number, unitPrice: number, discount: number][], shippingFee = 0) =>
  documentOf({
    ...OrderSheet.example,
    shippingFee,
    lines: lines.map(([quantity, unitPrice, discount], index) => ({
      ...OrderSheet.example.lines[0]!,
      line: index + 1,
      quantity,
      unitPrice,
      discount,
    })),
  });

describe('the total of an invoice', () => {
  it('is what a real shop invoiced, to the penny', () => {
    const totals = realOrders().map((order) => [order.externalId, order.lines.length, documentOf(order).total]);
    expect(totals).toEqual([
      ['536365', 7, 139_12],
      ['536366', 2, 22_20],
      ['536370', 19, 855_86],
      ['536387', 5, 3193_92],
      ['536403', 1, 192_60],
      ['536569', 67, 357_95],
    ]);
  });

  it('counts the discount of a line once, however many pieces it has', () => {
    const { lines, total } = priced([[6, 2550, 300]]);
    expect(lines[0]!.total).toBe(15_000);
    expect(total).toBe(15_000);
  });

  it.each([
    { what: 'a line discounted to nothing', lines: [[3, 1000, 3000]] as const, fee: 0, total: 0 },
    { what: 'nothing but the shipping fee', lines: [[1, 0, 0]] as const, fee: 1490, total: 1490 },
    { what: 'the largest prices there may be', lines: [[1000, 1e12, 1e12]] as const, fee: 1e12, total: 1e15 },
  ])('holds for $what', ({ lines, fee, total }) => {
    expect(
      priced(
        lines.map(([quantity, price, discount]) => [quantity, price, discount]),
        fee,
      ).total,
    ).toBe(total);
  });

  it('is the sum of its lines and the shipping fee', () => {
    const line = fc.tuple(fc.integer({ min: 1, max: 1000 }), fc.nat(1_000_000), fc.nat(1000));
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 50 }), fc.nat(100_000), (lines, fee) => {
        const { lines: invoiced, total } = priced(lines, fee);
        const exact = lines.reduce((sum, [quantity, price, discount]) => sum + BigInt(quantity * price - discount), 0n);
        expect(BigInt(total)).toBe(exact + BigInt(fee));
        expect(invoiced.reduce((sum, { total }) => sum + total, fee)).toBe(total);
      }),
    );
  });

  it('is refused when it can no longer be exact', () => {
    expect(() => priced([[1_000_000, 1e12, 0]])).toThrow(RangeError);
  });
});

describe('what is on an invoice', () => {
  it('is the customer, the order number of the channel and each line, and neither payment nor notes', () => {
    const { lines, customer, ...rest } = documentOf(OrderSheet.example);
    expect(customer).toEqual(OrderSheet.example.customer);
    expect(lines.map(({ sku, total }) => [sku, total])).toEqual([
      ['85123A', 15_000],
      ['71053', 6780],
      ['GIFT-WRAP', 500],
    ]);
    expect(rest).toEqual({
      channel: 'loja-demo',
      externalId: 'LD-1042',
      currency: 'BRL',
      shippingFee: 1490,
      total: 23_770,
    });
  });
});

describe('the reason of a cancellation', () => {
  it('is all reasons in one text', () => {
    expect(reasonFrom(['Comprei por engano', 'Frete caro'])).toBe('Comprei por engano; Frete caro');
  });

  it('ends after 500 characters, never within one', () => {
    const reason = reasonFrom(['👜'.repeat(499), '👜👜']);
    expect([...reason]).toHaveLength(500);
    expect(reason).not.toMatch(/\p{Surrogate}/u);
  });
});
