import { OrderPacked, OrderSheet, totalOf } from '@retaguarda/contracts';
import { parseMoney } from '@retaguarda/money';
import { parse } from 'csv-parse/sync';
import { readFileSync } from 'node:fs';
import { v5 as uuidOf } from 'uuid';

interface SoldLine {
  readonly InvoiceNo: string;
  readonly StockCode: string;
  readonly Description: string;
  readonly Quantity: string;
  readonly UnitPrice: string;
}

const NAMESPACE = '0b9b1c7e-9a44-4d39-8a58-6a2a0f6d1c55';

/** The id of the order that a test calls by a name of its own. */
export const orderIdOf = (name: string | number): string => uuidOf(String(name), NAMESPACE);

/** The packed order of that name: the example's sheet, with the given parts instead of its own and the total to match. */
export function packed(name: string | number, parts: Partial<OrderSheet> = {}): OrderPacked {
  const order = { ...OrderSheet.example, externalId: String(name), ...parts };
  return OrderPacked.of({ orderId: orderIdOf(name), parcels: [], order: { ...order, total: totalOf(order) } });
}

/** The orders of the golden file, in pounds; postage is the shipping fee. */
export function realOrders(): OrderSheet[] {
  const text = readFileSync(new URL('golden/orders.csv', import.meta.url));
  const sold = parse<SoldLine>(text, { columns: true });
  return [...new Set(sold.map(({ InvoiceNo }) => InvoiceNo))].map((externalId) =>
    sheetOf(
      externalId,
      sold.filter(({ InvoiceNo }) => InvoiceNo === externalId),
    ),
  );
}

function sheetOf(externalId: string, sold: readonly SoldLine[]): OrderSheet {
  const postage = sold.filter(({ StockCode }) => StockCode === 'POST');
  const lines = sold.filter((line) => !postage.includes(line)).map(lineOf);
  const shippingFee = postage.reduce((fee, line) => fee + Number(line.Quantity) * priceOf(line), 0);
  const order = { ...OrderSheet.example, externalId, currency: 'GBP', lines, shippingFee };
  return { ...order, total: totalOf(order) };
}

function lineOf(sold: SoldLine, index: number): OrderSheet['lines'][number] {
  return {
    line: index + 1,
    sku: sold.StockCode,
    name: sold.Description.trim(),
    quantity: Number(sold.Quantity),
    unitPrice: priceOf(sold),
    discount: 0,
    kind: 'goods',
  };
}

function priceOf({ UnitPrice }: SoldLine): number {
  return parseMoney(UnitPrice, 'GBP');
}
