import { countryCode } from './countries.js';
import { draw } from './draw.js';
import type { SubmittedLine, SubmittedOrder } from './submitted-order.js';

/**
 * What the data set does not say and an order needs: how it is paid and delivered, and whether it is gift-wrapped. All
 * of it is made up here, always the same for the same invoice number and seed. `sample/README.md` says so to the
 * reader.
 */
export const shares = { prepaid: 0.6, pickup: 0.15, giftWrap: 0.05 } as const;

export const giftWrap: SubmittedLine = {
  sku: 'GIFT-WRAP',
  name: 'Gift wrapping',
  quantity: 1,
  unitPrice: 250,
  discount: 0,
  kind: 'service',
};

/** Prepaid by card or Pix, or charged with the invoice by Pix, boleto or card. */
export function paymentOf(invoice: string, seed: string): SubmittedOrder['payment'] {
  const choice = draw(seed, invoice, 'method');
  if (draw(seed, invoice, 'terms') < shares.prepaid) {
    return { terms: 'prepaid', method: choice < 0.7 ? 'card' : 'pix', reference: `SAMPLE-${invoice}` };
  }
  return { terms: 'on-invoice', method: choice < 0.4 ? 'pix' : choice < 0.75 ? 'boleto' : 'card' };
}

/** Paid postage means shipping, a sale without customer or postage was over the counter, the rest is drawn. */
export function deliveryOf(
  sale: { invoice: string; customer?: string; country: string },
  shippingFee: number,
  seed: string,
): SubmittedOrder['delivery'] {
  const country = countryCode(sale.country);
  const isCollected = !sale.customer || (country === 'GB' && draw(seed, sale.invoice, 'delivery') < shares.pickup);
  if (!country || (isCollected && shippingFee === 0)) return { method: 'pickup' };
  return { method: 'ship', address: sampleAddress(sale.customer ?? 'guest', country) };
}

export function customerOf(sale: { customer?: string }): SubmittedOrder['customer'] {
  return { name: sale.customer ? `Customer ${sale.customer}` : 'Guest' };
}

export function isGiftWrapped(invoice: string, seed: string): boolean {
  return draw(seed, invoice, 'gift wrap') < shares.giftWrap;
}

function sampleAddress(customer: string, country: string): NonNullable<SubmittedOrder['delivery']['address']> {
  const number = String(1 + Math.floor(draw(customer, 'number') * 199));
  return { street: 'Sample Street', number, city: 'Sample City', state: 'XX', postalCode: '00000', country };
}
