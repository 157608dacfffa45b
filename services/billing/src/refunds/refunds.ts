import { PaymentRefunded } from '@retaguarda/contracts';
import type { Booking } from '../ledger/ledger.js';
import type { Matched, Payment } from '../payments/matching.js';
import { isWithStorefront } from '../payments/prepaid.js';
import type { Owed } from '../receivables/receivables.js';

/** A payment that is to go back, whole. Minor units. */
export interface GoingBack {
  readonly paymentId: string;
  readonly receivable: Owed;
  readonly provider: string;
  readonly reference: string;
  readonly amount: number;
  /** The part of it that counts as paid for the receivable. */
  readonly applied: number;
  readonly currency: string;
  readonly reason: string;
}

/** A refund that was paid. */
export interface Refunded {
  readonly id: string;
  readonly orderId: string;
  readonly receivableId: string;
  readonly paymentId: string;
  readonly amount: number;
  readonly currency: string;
  readonly reason: string;
}

/** A refund about to be owed; what is with a storefront is paid as soon as the storefront is told. */
export type NewRefund = Refunded & Omit<GoingBack, 'receivable'> & { readonly isPaid: boolean };

export function refundOf({ receivable, ...back }: GoingBack): Omit<NewRefund, 'id'> {
  return {
    ...back,
    orderId: receivable.orderId,
    receivableId: receivable.id,
    isPaid: isWithStorefront(back.provider),
  };
}

/** What came for a receivable that is void. */
export function cameTooLate({ payment, receivable }: Matched<Payment>): GoingBack {
  const { id: paymentId, provider, reference, amount, currency } = payment;
  const reason = 'The order was cancelled before the payment came.';
  return { paymentId, receivable: receivable!, provider, reference, amount, applied: 0, currency, reason };
}

/** What is booked when a payment is to go back. */
export function owedBack({ paymentId: reference, receivableId, amount, applied, currency }: NewRefund): Booking[] {
  return [
    { kind: 'refund-owed', reference, receivableId, amount: applied, currency },
    { kind: 'unmatched-owed', reference, receivableId, amount: amount - applied, currency },
  ];
}

/** What is booked when it went back. */
export function paidBack({ id: reference, receivableId, amount, currency }: Refunded): Booking {
  return { kind: 'refund', reference, receivableId, amount, currency };
}

export function paymentRefunded(refunded: Refunded): PaymentRefunded {
  const { orderId, receivableId, paymentId, amount, currency, reason } = refunded;
  return PaymentRefunded.of({ orderId, receivableId, paymentId, amount, currency, reason });
}
