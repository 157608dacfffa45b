import type { BillingFacts } from '../src/audit/billing.facts.js';
import type { FulfillmentFacts } from '../src/audit/fulfillment.facts.js';
import type { InvoicingFacts } from '../src/audit/invoicing.facts.js';
import type { MessageFacts } from '../src/audit/messages.facts.js';
import type { OrderFacts } from '../src/audit/order-facts.js';
import type { Moment } from '../src/audit/rules/check.js';
import type { SalesFacts } from '../src/audit/sales.facts.js';
import type { StockFacts } from '../src/audit/stock.facts.js';

const orderId = '01936000-0000-7000-8000-000000000001';
const SECOND = 1_000;
const noon = Date.parse('2026-03-02T12:00:00Z');

/** Ten minutes after the order was placed. */
export const later: Moment = { now: noon + 600 * SECOND, settleMs: 60 * SECOND, deadlineMs: 3_600 * SECOND };
export const at = (seconds: number): number => noon + seconds * SECOND;

const noFact = { completedAt: null, rejectedAt: null, cancelledAt: null };

/** What each department holds of an order that went straight through the line, unless told otherwise. */
export const sales = (changes: Partial<SalesFacts> = {}): SalesFacts => ({
  ...{ orderId, total: 23_770, currency: 'BRL', goods: '42', placedAt: at(0), ...noFact },
  ...{ reservedAt: at(1), packedAt: at(2), invoicedAt: at(3), shippedAt: at(4), paidAt: at(5), completedAt: at(5) },
  ...{ cancellationRequestedAt: null, cancellationRefusedAt: null },
  ...changes,
});

export const stock = (changes: Partial<StockFacts> = {}): StockFacts => ({
  ...{ orderId, status: 'taken', decidedAt: at(1), changedAt: at(2), goods: '42' },
  ...changes,
});

export const fulfillment = (changes: Partial<FulfillmentFacts> = {}): FulfillmentFacts => ({
  ...{ orderId, status: 'shipped', openedAt: at(1), changedAt: at(4), packedAt: at(2), leftAt: at(4), refusedAt: null },
  ...{ goods: '42', parcelsHere: 0, document: 'invoice 1/7', hasShortage: false },
  ...changes,
});

export const invoicing = (changes: Partial<InvoicingFacts> = {}): InvoicingFacts => ({
  ...{ orderId, invoiceId: 'invoice', document: 'invoice 1/7', status: 'issued', total: 23_770, currency: 'BRL' },
  ...{ addedUp: 23_770, printed: 23_770, goods: '42', issuedAt: at(3), cancelledAt: null },
  ...changes,
});

export const billing = (changes: Partial<BillingFacts> = {}): BillingFacts => ({
  ...{ orderId, invoiceId: 'invoice', status: 'paid', amount: 23_770, paid: 23_770, currency: 'BRL' },
  ...{ terms: 'on-invoice', method: 'pix', openedAt: at(4), scheduled: 23_770, chargeState: 'paid', charged: 23_770 },
  ...{ chargedCurrency: 'BRL', captured: 23_770, applied: 23_770, kept: 23_770, refunded: 0, refunds: 0 },
  ...{ lastPaymentAt: at(5), balance: 0 },
  ...changes,
});

type Departments = Omit<OrderFacts, 'orderId' | 'messages'>;

export const order = (departments: Departments, messages: readonly MessageFacts[] = []): OrderFacts => ({
  orderId,
  ...departments,
  messages,
});

export const message = (place: MessageFacts['place'], step: string | null, type: string): MessageFacts => ({
  ...{ orderId, place, step, type },
});

/** The order went straight through; `changes` puts another department's facts in place, or takes them away. */
export function completed(changes: { [name in keyof Departments]?: Departments[name] | undefined } = {}): OrderFacts {
  const whole = { sales: sales(), stock: stock(), fulfillment: fulfillment(), invoicing: invoicing() };
  const facts = { ...whole, billing: billing(), ...changes };
  return order(Object.fromEntries(Object.entries(facts).filter(([, known]) => known !== undefined)) as Departments);
}

const untold = { reservedAt: null, packedAt: null, invoicedAt: null, shippedAt: null, paidAt: null, completedAt: null };

/** Sales took the order in, and nothing else is known there. */
export const placed = (changes: Partial<SalesFacts> = {}): SalesFacts => sales({ ...untold, ...changes });

/** Everything was undone in time: packed and invoiced, then cancelled; what was paid went back. */
export const cancelled: OrderFacts = order({
  sales: sales({
    ...{ shippedAt: null, paidAt: at(5), completedAt: null },
    ...{ cancellationRequestedAt: at(6), cancelledAt: at(7) },
  }),
  stock: stock({ status: 'returned', changedAt: at(8) }),
  fulfillment: fulfillment({ status: 'stopped', leftAt: null, parcelsHere: 1, changedAt: at(6) }),
  invoicing: invoicing({ status: 'cancelled', cancelledAt: at(8) }),
  billing: billing({ status: 'void', refunded: 23_770, refunds: 23_770 }),
});

export const rejected: OrderFacts = order({
  sales: placed({ rejectedAt: at(2) }),
  stock: stock({ status: 'rejected', goods: '0', changedAt: at(1) }),
});
