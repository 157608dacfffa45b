import type { OrderLine, OrderSheet, OrderSubmitted, PackedLine, StockReserved } from '@retaguarda/contracts';

/** The order as sales takes it: lines numbered, defaults filled in, priced. Minor units. */
export function sheetFrom(submitted: OrderSubmitted): OrderSheet {
  const { channel, externalId, placedAt, currency, customer, delivery, payment, shippingFee = 0 } = submitted;
  const lines = submitted.lines.map(({ sku, name, quantity, unitPrice, discount = 0, kind = 'goods' }, index) => ({
    ...{ line: index + 1, sku, name, quantity, unitPrice, discount, kind },
  }));
  const total = lines.reduce((sum, line) => sum + lineTotal(line), shippingFee);
  return { channel, externalId, placedAt, currency, customer, delivery, lines, shippingFee, payment, total };
}

function lineTotal({ quantity, unitPrice, discount }: OrderLine): number {
  return quantity * unitPrice - discount;
}

/** The pick list: the lines in the order of the walk. The goods of an order all lie at one location here. */
export function walkOf({ order, lines }: Pick<StockReserved, 'order' | 'lines'>) {
  const places = new Map(lines.map(({ sku, location }) => [sku, location]));
  return [...order.lines]
    .sort((a, b) => (a.sku < b.sku ? -1 : 1))
    .map(({ line, sku, name, kind, quantity }, index) => ({
      ...{ position: index + 1, line, sku, name, kind, quantity, location: places.get(sku)!, picked: quantity },
    }));
}

export function goodsOf({ lines }: OrderSheet): PackedLine[] {
  return lines.map(({ sku, quantity }) => ({ sku, quantity })).sort((a, b) => (a.sku < b.sku ? -1 : 1));
}

export function invoiceLinesOf({ lines }: OrderSheet) {
  return lines.map((line) => ({ ...line, total: lineTotal(line) }));
}

export function paymentOf({ channel, externalId, payment }: OrderSheet) {
  return { paidBy: `storefront:${channel}`, paymentReference: JSON.stringify([externalId, payment.reference ?? null]) };
}

/** The day on which a prepaid order is due: the day of its invoice. */
export function dueOn(issuedAt: string): string {
  return new Date(issuedAt).toLocaleDateString('sv-SE', { timeZone: 'America/Sao_Paulo' });
}
