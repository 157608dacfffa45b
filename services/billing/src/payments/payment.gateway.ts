import type { PaymentMethod } from '@retaguarda/contracts';

export interface ChargeRequest {
  /** The same key is the same charge, however often it is asked for. */
  readonly idempotencyKey: string;
  /** Minor units. */
  readonly amount: number;
  readonly currency: string;
  readonly method: PaymentMethod;
  readonly installments: number;
}

export interface ChargeAnswer {
  readonly state: 'paid' | 'pending' | 'refused';
  /** The provider's own number of the charge, which its callbacks carry as well. */
  readonly reference: string;
  /** ISO 8601; when it is paid. */
  readonly paidAt?: string;
  /** Why it was refused, for people to read: text of 1 to 500 characters. */
  readonly reason?: string;
}

export interface RefundRequest {
  readonly idempotencyKey: string;
  /** The provider's number of the charge or payment. */
  readonly charge: string;
  /** Minor units. */
  readonly amount: number;
  readonly currency: string;
}

/**
 * The door to a payment provider. A call that throws says nothing about what happened at the other end: `find` tells.
 * Never called inside a transaction.
 */
export abstract class PaymentGateway {
  /** The provider's name, as payments carry it: small letters, digits and hyphens. */
  abstract readonly name: string;

  abstract charge(request: ChargeRequest): Promise<ChargeAnswer>;

  /** What became of a charge; undefined when the provider never got it. Charges nobody. */
  abstract find(idempotencyKey: string): Promise<ChargeAnswer | undefined>;

  /** Gives money back, once for a key. */
  abstract refund(request: RefundRequest): Promise<{ readonly reference: string }>;
}
