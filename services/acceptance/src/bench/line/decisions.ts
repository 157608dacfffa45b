import { storefrontOf } from '@retaguarda/billing/payments/prepaid';
import { dueOn } from '@retaguarda/billing/receivables/due-dates';
import type { OrderSheet, StockReserved } from '@retaguarda/contracts';
import { goodsIn } from '@retaguarda/fulfillment/pick-lists/picking';
import { walkOf } from '@retaguarda/fulfillment/pick-lists/walk';

export { documentOf } from '@retaguarda/invoicing/invoices/document';
export { sheetFrom } from '@retaguarda/sales/orders/pricing';

/** What every contender decides alike: by the departments' own rules, so that only the way to the rows is compared. */
const TIME_ZONE = 'America/Sao_Paulo';

/** The lines of a pick list that is packed at once, and the goods of its one parcel. */
export function packedFrom(event: Pick<StockReserved, 'order' | 'lines'>) {
  const lines = walkOf(event).map((stop, index) => ({ position: index + 1, picked: stop.quantity, ...stop }));
  return { lines, goods: goodsIn(lines) };
}

/** Where the money of a prepaid order is, and when it was due: on the day of its invoice. */
export function settlementOf({ channel, externalId, payment }: OrderSheet, issuedAt: string) {
  return {
    paidBy: storefrontOf(channel),
    paymentReference: JSON.stringify([externalId, payment.reference ?? null]),
    dueOn: dueOn(payment.terms, new Date(issuedAt), TIME_ZONE),
  };
}
