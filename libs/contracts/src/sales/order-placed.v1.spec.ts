import { validate } from '../validate.js';
import { OrderPlaced } from './order-placed.v1.js';
import { OrderSheet, sheetOf } from './order-sheet.js';
import { totalOf } from './sums.js';

function refusedFields(changes: object) {
  const verdict = validate(OrderPlaced, { ...OrderPlaced.example, ...changes });
  return 'reasons' in verdict ? verdict.reasons.map(({ field }) => field) : [];
}

describe('the order sheet', () => {
  it('carries a total that is the sum of its lines and its shipping fee', () => {
    expect(OrderSheet.example.total).toBe(totalOf(OrderSheet.example));
    expect(refusedFields({ total: OrderSheet.example.total + 1 })).toEqual(['total']);
    expect(refusedFields({ shippingFee: 0 })).toEqual(['total']);
  });

  it('is taken out of an event that carries it flat, without the fields of the event', () => {
    const sheet = sheetOf(OrderPlaced.example);
    expect(sheet).toEqual(Object.assign(new OrderSheet(), OrderSheet.example));
    expect(Object.keys(sheet)).not.toContain('orderId');
  });

  it('has no notes when the order had none', () => {
    const { notes: _, ...order } = OrderPlaced.example;
    expect(Object.keys(sheetOf(order))).not.toContain('notes');
  });

  it('is not taken for the event by the compiler, though it has nearly the same fields', () => {
    // @ts-expect-error a sheet is not an event
    const mistaken: OrderPlaced = { orderId: OrderPlaced.example.orderId, ...sheetOf(OrderPlaced.example) };
    expect(mistaken).not.toBeInstanceOf(OrderPlaced);
  });
});
