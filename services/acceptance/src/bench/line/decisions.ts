import { storefrontOf } from '@retaguarda/billing/payments/prepaid';
import { dueOn } from '@retaguarda/billing/receivables/due-dates';
import { AvailabilityChanged } from '@retaguarda/contracts';
import type { OrderSheet, StockReserved } from '@retaguarda/contracts';
import type { Tx } from '@retaguarda/database';
import { goodsIn } from '@retaguarda/fulfillment/pick-lists/picking';
import { walkOf } from '@retaguarda/fulfillment/pick-lists/walk';
import { AnnounceAvailability } from '@retaguarda/stock/shelf/announce-availability';

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

/** What is free and was not told yet, by stock's own statement; it is noted as told. */
export async function announcements(rowsOf: (sql: string, values: unknown[]) => Promise<unknown[]>) {
  const query = (sql: string, values: unknown[]) => rowsOf(sql, values);
  const changed = await new AnnounceAvailability().run({ now: new Date(), query } as unknown as Tx);
  return changed.map((data) => ({ key: AvailabilityChanged.type, data }));
}

/** Does something once a second, as long as the process lives; a failure ends it. */
export function onceASecond(work: () => Promise<unknown>): void {
  const next = () => setTimeout(() => void work().then(next), 1_000);
  next();
}
