import type { BillingFacts } from './billing.facts.js';
import { billingFacts } from './billing.facts.js';
import type { FulfillmentFacts } from './fulfillment.facts.js';
import { fulfillmentFacts } from './fulfillment.facts.js';
import type { InvoicingFacts } from './invoicing.facts.js';
import { invoicingFacts } from './invoicing.facts.js';
import type { MessageFacts } from './messages.facts.js';
import { messageFacts } from './messages.facts.js';
import type { DepartmentName } from './running-system.js';
import type { SalesFacts } from './sales.facts.js';
import { salesFacts } from './sales.facts.js';
import type { Snapshot } from './snapshot.js';
import type { StockFacts } from './stock.facts.js';
import { stockFacts } from './stock.facts.js';

/** Everything that the departments know about one order; a department that knows nothing of it is left out. */
export interface OrderFacts {
  readonly orderId: string;
  readonly sales?: SalesFacts;
  readonly stock?: StockFacts;
  readonly fulfillment?: FulfillmentFacts;
  readonly invoicing?: InvoicingFacts;
  readonly billing?: BillingFacts;
  readonly messages: readonly MessageFacts[];
}

export type Snapshots = Readonly<Record<DepartmentName, Snapshot>>;

/** All orders that any department knows, in batches by ascending order id; with `only`, those. */
export function orderFacts(at: Snapshots, only?: readonly string[]): AsyncGenerator<OrderFacts[]> {
  const streams: Stream[] = [
    streamOf('sales', salesFacts(at.sales, only)),
    streamOf('stock', stockFacts(at.stock, only)),
    streamOf('fulfillment', fulfillmentFacts(at.fulfillment, only)),
    streamOf('invoicing', invoicingFacts(at.invoicing, only)),
    streamOf('billing', billingFacts(at.billing, only)),
    ...Object.values(at).map((department) => streamOf('messages', messageFacts(department, only))),
  ];
  return merged(streams);
}

type Draft = { orderId: string; messages: MessageFacts[] } & { [name in DepartmentName]?: unknown };

interface Row {
  readonly orderId: string;
}

export interface Stream {
  readonly name: DepartmentName | 'messages';
  readonly pages: AsyncGenerator<Row[], void, void>;
  page: Row[];
  /** How much of the page is used. */
  used: number;
  hasEnded: boolean;
}

export function streamOf(name: Stream['name'], pages: AsyncGenerator<Row[], void, void>): Stream {
  return { name, pages, page: [], used: 0, hasEnded: false };
}

/**
 * Merges streams that are sorted by order id, which is text in lower-case hexadecimal here and sorts like the uuid.
 * Holds one page of each. Up to the lowest of the pages' last ids, every stream is read.
 */
export async function* merged(streams: readonly Stream[]): AsyncGenerator<OrderFacts[], void, void> {
  for (;;) {
    await Promise.all(streams.filter(isUsedUp).map(turnPage));
    const unread = streams.filter((stream) => stream.used < stream.page.length);
    if (unread.length === 0) return;
    const boundary = unread.map(({ page }) => page.at(-1)!.orderId).reduce((a, b) => (a < b ? a : b));
    const orders = new Map<string, Draft>();
    await Promise.all(unread.map((stream) => takeUpTo(boundary, stream, orders)));
    yield [...orders.values()] as OrderFacts[];
  }
}

function isUsedUp({ hasEnded, used, page }: Stream): boolean {
  return !hasEnded && used === page.length;
}

async function turnPage(stream: Stream): Promise<void> {
  const { value } = await stream.pages.next();
  stream.page = value ?? [];
  stream.used = 0;
  stream.hasEnded = value === undefined;
}

/** Looks at the next page as well when one is used up: an order has several messages, and they may go on there. */
async function takeUpTo(boundary: string, stream: Stream, orders: Map<string, Draft>): Promise<void> {
  for (;;) {
    if (isUsedUp(stream)) await turnPage(stream);
    const row = stream.page[stream.used];
    if (row === undefined || row.orderId > boundary) return;
    const order = orders.get(row.orderId) ?? { orderId: row.orderId, messages: [] };
    orders.set(row.orderId, order);
    if (stream.name === 'messages') order.messages.push(row as MessageFacts);
    else order[stream.name] = row;
    stream.used += 1;
  }
}
