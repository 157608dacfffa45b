import type { ChargedMethod, PaymentMethod, PaymentTerms } from '@retaguarda/contracts';

/**
 * `requested`: intended, maybe sent; where nothing is owed any more, nobody has it. `pending`: the provider has it and
 * waits for the customer. `unknown`: it was sent and no answer came back; the provider is asked for it and it is never
 * sent blindly again.
 */
export type ChargeState = 'requested' | 'pending' | 'paid' | 'refused' | 'unknown';

/** What may follow what. */
export const chargeSteps: Readonly<Record<ChargeState, readonly ChargeState[]>> = {
  requested: ['pending', 'paid', 'refused', 'unknown'],
  // Void, or paid in another way, before the provider got it: it is not sent any more.
  unknown: ['pending', 'paid', 'refused', 'requested'],
  pending: ['paid', 'refused'],
  paid: [],
  // The customer paid after all, and the provider tells by a callback.
  refused: ['paid'],
};

/**
 * Whether the provider is to collect it. What is paid by another method (a transfer, cash) no provider can collect: it
 * waits for `POST /payments`.
 */
export function isCharged<
  Owed extends { readonly terms: PaymentTerms; readonly method: PaymentMethod; readonly amount: number },
>(owed: Owed): owed is Owed & { readonly method: ChargedMethod } {
  return owed.terms === 'on-invoice' && owed.method !== 'other' && owed.amount > 0;
}
