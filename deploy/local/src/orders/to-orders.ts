import { creditable, matchCredit } from './credit-invoices.js';
import type { CreditableOrder } from './credit-invoices.js';
import { grouped } from './grouped.js';
import { reasons } from './outcomes.js';
import type { Outcome, RowOutcome } from './outcomes.js';
import type { Sale } from './read-sales.js';
import { channel } from './submitted-order.js';
import type { SubmittedLine, SubmittedOrder } from './submitted-order.js';
import { customerOf, deliveryOf, giftWrap, isGiftWrapped, paymentOf } from './terms.js';

/** A request to cancel an order of the same file, because a credit invoice covers the whole of it. */
export interface DataCancellation {
  externalId: string;
  reason: string;
  creditInvoice: string;
  rows: number[];
  /** How many orders the file has before the credit invoice: the request comes after that many. */
  afterOrders: number;
}

export interface CatalogueItem {
  sku: string;
  /** The first description that the file has for it: it spells some items in two ways. */
  name: string;
  demand: number;
}

export interface DayOfOrders {
  orders: SubmittedOrder[];
  cancellations: DataCancellation[];
  outcomes: RowOutcome[];
  catalogue: CatalogueItem[];
}

const shippingCodes = new Set(['POST', 'DOT', 'C2']);
const bookkeepingCodes = new Set(['BANK CHARGES', 'AMAZONFEE', 'CRUK', 'D', 'S', 'B']);
const isCharge = ({ sku }: Sale) => shippingCodes.has(sku) || bookkeepingCodes.has(sku) || sku === 'M';

/**
 * Sorts every row into exactly one outcome and makes the orders of them. One invoice is one order, one goods row one
 * line: rows of the same SKU stay apart, because their prices can differ and because a row can then be found again in
 * its order. Pure: same rows and seed, same result. Payment, delivery and gift wrapping are made up, see `terms.ts`.
 */
export function toOrders(sales: readonly Sale[], { seed = '1' }: { seed?: string } = {}): DayOfOrders {
  const day = new Day(seed);
  for (const rows of grouped(sales, ({ invoice }) => invoice).values()) {
    if (rows[0]?.invoice.startsWith('C')) day.credit(rows);
    else day.invoice(rows);
  }
  const { orders, cancellations } = day;
  return {
    orders,
    cancellations,
    outcomes: day.outcomes.sort((a, b) => a.row - b.row),
    catalogue: catalogueOf(orders),
  };
}

class Day {
  readonly orders: SubmittedOrder[] = [];
  readonly cancellations: DataCancellation[] = [];
  readonly outcomes: RowOutcome[] = [];
  private readonly creditableOrders: CreditableOrder[] = [];

  constructor(private readonly seed: string) {}

  invoice(rows: readonly Sale[]): void {
    const isSale = rows.some(({ unitPrice, quantity, customer }) => customer || (unitPrice > 0 && quantity > 0));
    const sorted = grouped(rows, (row) => sortOf(row, isSale));
    const goods = sorted.get('order line') ?? [];
    for (const [outcome, some] of sorted) {
      this.count(goods.length === 0 && isPartOfOrder(outcome) ? 'charge without goods' : outcome, some);
    }
    if (goods.length === 0) return;
    this.orders.push(orderOf(goods, sorted.get('shipping fee') ?? [], sorted.get('manual charge') ?? [], this.seed));
    this.creditableOrders.push(creditable(goods));
  }

  credit(rows: readonly Sale[]): void {
    const goods = rows.filter((row) => !isCharge(row));
    const { covers, invoice } = matchCredit(goods, this.creditableOrders);
    if (covers === 'whole order') return this.cancel(invoice, rows);
    this.count('later credit', rows.filter(isCharge));
    if (covers === 'part') this.count('partial return', goods, `part of order ${invoice}`);
    else this.count('unmatched return', goods);
  }

  private cancel(invoice: string, rows: readonly Sale[]): void {
    const creditInvoice = rows[0]?.invoice ?? '';
    this.count('cancellation request', rows, `cancels order ${invoice}`);
    this.cancellations.push({
      externalId: invoice,
      reason: `Credit invoice ${creditInvoice} covers the whole order`,
      creditInvoice,
      rows: rows.map(({ row }) => row),
      afterOrders: this.orders.length,
    });
  }

  private count(outcome: Outcome, rows: readonly Sale[], detail?: string): void {
    const why = detail ? `${reasons[outcome]} (${detail})` : reasons[outcome];
    for (const { row } of rows) this.outcomes.push({ row, outcome, why });
  }
}

function isPartOfOrder(outcome: Outcome): boolean {
  return outcome === 'shipping fee' || outcome === 'manual charge';
}

/**
 * What a row of a sales invoice is. `isSale`: the invoice names a customer or has a price somewhere; without either, a
 * row at price 0 is a correction of the shelf. With either, price 0 and a description is a gift or sample: goods at 0.
 */
function sortOf({ sku, quantity, unitPrice, description }: Sale, isSale: boolean): Outcome {
  if (bookkeepingCodes.has(sku)) return 'bookkeeping';
  const isNegative = quantity <= 0 || unitPrice < 0;
  if (shippingCodes.has(sku)) return isNegative ? 'bookkeeping' : 'shipping fee';
  if (sku === 'M') return isNegative ? 'bookkeeping' : 'manual charge';
  if (isNegative) return 'stock correction';
  if (unitPrice === 0 && (!description || !isSale)) return 'stock correction';
  return 'order line';
}

function orderOf(goods: Sale[], shipping: Sale[], manual: Sale[], seed: string): SubmittedOrder {
  const [first] = goods as [Sale];
  const shippingFee = shipping.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice, 0);
  const wrapped = isGiftWrapped(first.invoice, seed) ? [giftWrap] : [];
  return {
    channel,
    externalId: first.invoice,
    placedAt: first.soldAt,
    currency: 'GBP',
    customer: customerOf(first),
    delivery: deliveryOf(first, shippingFee, seed),
    lines: [...goods.map(lineOf('goods')), ...manual.map(lineOf('service')), ...wrapped],
    shippingFee,
    payment: paymentOf(first.invoice, seed),
  };
}

function lineOf(kind: 'goods' | 'service') {
  return ({ sku, description, quantity, unitPrice }: Sale): SubmittedLine => ({
    sku,
    name: description || sku,
    quantity,
    unitPrice,
    discount: 0,
    kind,
  });
}

/** Goods only: a service has no shelf. */
export function catalogueOf(orders: Iterable<SubmittedOrder>): CatalogueItem[] {
  const items = new Map<string, CatalogueItem>();
  for (const { lines } of orders) {
    for (const { sku, name, quantity, kind } of lines) {
      if (kind === 'service') continue;
      const item = items.get(sku);
      if (item) item.demand += quantity;
      else items.set(sku, { sku, name, demand: quantity });
    }
  }
  return [...items.values()];
}
