import { cameTooLate, owedBack, paidBack, refundOf } from './refunds.js';

const receivable = {
  ...{ id: 'r1', orderId: 'o1', invoiceId: 'i1', amount: 100, paid: 100, currency: 'BRL' },
  status: 'void' as const,
};
const goingBack = (provider: string, amount: number, applied: number) =>
  refundOf({
    ...{ paymentId: 'p1', receivable, provider, reference: 'E1', amount, applied, currency: 'BRL' },
    reason: 'The customer changed their mind.',
  });

describe('a payment that goes back', () => {
  it('is owed whole: what counted against revenue, what was too much against the unmatched', () => {
    const booked = owedBack({ id: 'f1', ...goingBack('simulated', 130, 100) });
    expect(booked.map(({ kind, reference, amount }) => [kind, reference, amount])).toEqual([
      ['refund-owed', 'p1', 100],
      ['unmatched-owed', 'p1', 30],
    ]);
  });

  it('is booked as paid under the number of its refund, for the whole amount', () => {
    const booked = paidBack({ id: 'f1', ...goingBack('simulated', 130, 100) });
    expect(booked).toMatchObject({ kind: 'refund', reference: 'f1', receivableId: 'r1', amount: 130 });
  });

  it('is done when it is with the storefront, and to be sent when a provider has it', () => {
    expect(goingBack('storefront:web', 100, 100).isPaid).toBe(true);
    expect(goingBack('simulated', 100, 100).isPaid).toBe(false);
  });

  it('counts for nothing when it came after the cancellation', () => {
    const payment = {
      ...{ id: 'p2', provider: 'simulated', reference: 'E2', statedFor: 'r1', amount: 70, currency: 'BRL' },
      paidAt: '2026-03-02T13:15:34Z',
    };
    const late = cameTooLate({ payment, receivable, applied: 0, outstanding: 0, problem: 'receivable is void' });
    expect(late).toMatchObject({ paymentId: 'p2', amount: 70, applied: 0 });
    expect(owedBack({ id: 'f2', ...refundOf(late) })[0]!.amount).toBe(0);
  });
});
