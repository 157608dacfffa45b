import { TakePayment } from '@retaguarda/billing/payments/take-payment';
import type { SimulatedCompany } from './company.js';
import type { Owed } from './names.js';
import type { Plan } from './storefront.js';

/** What no provider will collect: the method is another one, or the card was refused. By order. */
export function owedByTransfer({ names }: SimulatedCompany, { orders }: Plan): Owed[] {
  const letters = orders.filter(paysByTransfer).map(({ letter }) => letter);
  return names.owed.filter(({ order }) => letters.includes(order)).sort((a, b) => (a.order < b.order ? -1 : 1));
}

function paysByTransfer({ terms, method, conduct }: Plan['orders'][number]): boolean {
  return terms === 'on-invoice' && (method === 'other' || conduct === 'refuses');
}

/** A customer pays by transfer, and the provider tells billing: with the same reference each time. */
export async function pay(at: SimulatedCompany, { receivableId, order, amount }: Owed): Promise<boolean> {
  if (amount === 0) return true;
  at.note(`the customer pays ${order} by transfer`);
  const paid = { provider: 'simulated', reference: `transfer-${receivableId}`, receivableId, amount, currency: 'BRL' };
  return at.ask('billing', ({ messaging }) =>
    messaging.desk.perform(TakePayment, { ...paid, paidAt: at.time.now().toISOString() } as never),
  );
}
