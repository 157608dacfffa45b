import type { Booking } from '../ledger/ledger.js';
import type { Owed } from '../receivables/receivables.js';

/** Why a payment, or a part of it, belongs to no receivable. */
export type Problem = 'unknown receivable' | 'other currency' | 'more than is owed' | 'receivable is void';

/** Money that came in. Minor units. */
export interface Incoming {
  readonly id: string;
  /** The receivable, in the words of who took the money. */
  readonly statedFor: string;
  readonly amount: number;
  readonly currency: string;
}

/** What a provider says about money that it took. */
export interface PaymentNotice {
  readonly provider: string;
  readonly reference: string;
  /** The receivable's id, which is the charge's idempotency key as well. */
  readonly statedFor: string;
  /** Minor units. */
  readonly amount: number;
  readonly currency: string;
  readonly paidAt: string;
}

export type Payment = Incoming & PaymentNotice;

export interface Matched<Payment extends Incoming> {
  readonly payment: Payment;
  readonly receivable?: Owed;
  /** The part that counts towards the receivable. */
  readonly applied: number;
  /** What is still owed after it. */
  readonly outstanding: number;
  readonly problem?: Problem;
}

/** Applies payments, in their order, to what is owed: as much as is outstanding. What is left over says why. */
export function match<Payment extends Incoming>(
  payments: readonly Payment[],
  receivables: readonly Owed[],
): Matched<Payment>[] {
  const byId = new Map(receivables.map((receivable) => [receivable.id, receivable]));
  const outstanding = new Map(receivables.map(({ id, amount, paid }) => [id, amount - paid]));
  return payments.map((payment) => {
    const receivable = byId.get(payment.statedFor.toLowerCase());
    if (!receivable) return { payment, applied: 0, outstanding: 0, problem: 'unknown receivable' };
    const owed = outstanding.get(receivable.id)!;
    const refused = refusal(payment, receivable);
    if (refused) return { payment, receivable, applied: 0, outstanding: owed, problem: refused };
    const applied = Math.min(owed, payment.amount);
    outstanding.set(receivable.id, owed - applied);
    const whole = { payment, receivable, applied, outstanding: owed - applied };
    return applied < payment.amount ? { ...whole, problem: 'more than is owed' } : whole;
  });
}

function refusal({ currency }: Incoming, receivable: Owed): Problem | undefined {
  if (receivable.status === 'void') return 'receivable is void';
  return currency === receivable.currency ? undefined : 'other currency';
}

/** What is booked for a payment: the part that counts, and the part that belongs to nothing. */
export function bookingsOf({ payment, receivable, applied }: Matched<Incoming>): Booking[] {
  const entry = { reference: payment.id, receivableId: receivable?.id ?? null, currency: payment.currency };
  return [
    { kind: 'payment', amount: applied, ...entry },
    { kind: 'unmatched', amount: payment.amount - applied, ...entry },
  ];
}
