import type { OrderSheet } from '@retaguarda/contracts';

/** Why sales does not take an order; empty when it does. For people to read. */
export function objectionsTo({ payment }: OrderSheet): string[] {
  return payment.terms === 'in-advance' ? ['Payment in advance is not offered yet; use prepaid or on-invoice.'] : [];
}
