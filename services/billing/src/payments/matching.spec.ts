import { match } from './matching.js';

const owed = {
  id: 'r1',
  orderId: 'o1',
  invoiceId: 'i1',
  amount: 100,
  paid: 0,
  currency: 'BRL',
  status: 'open' as const,
};
const paying = (id: string, amount: number, others: object = {}) => ({
  ...{ id, amount, statedFor: 'r1', currency: 'BRL' },
  ...others,
});
const decided = (payments: ReturnType<typeof paying>[], receivable: object = {}) =>
  match(payments, [{ ...owed, ...receivable }]).map(({ applied, outstanding, problem }) => [
    applied,
    outstanding,
    problem,
  ]);

describe('a payment', () => {
  it('of the whole amount settles the receivable', () => {
    expect(decided([paying('a', 100)])).toEqual([[100, 0, undefined]]);
  });
  it('of a part leaves the rest outstanding', () => {
    expect(decided([paying('a', 30)])).toEqual([[30, 70, undefined]]);
  });
  it('of more than is owed is applied up to what is owed', () => {
    expect(decided([paying('a', 130)])).toEqual([[100, 0, 'more than is owed']]);
    expect(decided([paying('a', 5)], { paid: 100, status: 'paid' })).toEqual([[0, 0, 'more than is owed']]);
  });
  it('finds what the one before it left', () => {
    expect(decided([paying('a', 60), paying('b', 60), paying('c', 1)])).toEqual([
      [60, 40, undefined],
      [40, 0, 'more than is owed'],
      [0, 0, 'more than is owed'],
    ]);
  });
  it('for nothing that is known is kept unmatched', () => {
    expect(decided([paying('a', 10, { statedFor: 'r2' })])).toEqual([[0, 0, 'unknown receivable']]);
  });
  it('in another currency is not mixed in', () => {
    expect(decided([paying('a', 10, { currency: 'EUR' })])).toEqual([[0, 100, 'other currency']]);
  });
  it('after the receivable became void is not kept by the shop', () => {
    expect(decided([paying('a', 100)], { status: 'void' })).toEqual([[0, 100, 'receivable is void']]);
  });
});
