import type { MessageFacts } from '../messages.facts.js';
import type { OrderFacts } from '../order-facts.js';
import type { Check } from './check.js';

/** From an event of one department to its effect in another: what the audit expects to follow what. */
export interface Hop {
  /** The queue, and the name under which it is deferred or parked. */
  readonly step: string;
  readonly type: string;
  /** The check that is broken when it never arrives. */
  readonly check: (typeof hopChecks)[number]['name'];
  /** When the event was, while its effect is missing; else null. */
  readonly openSince: (order: OrderFacts) => number | null;
}

export const hopChecks = [
  {
    name: 'accepted-is-decided',
    promise: 'P2',
    sentence: 'Every accepted order has a decision of stock, and sales knows a refusal.',
    advice: 'Submit sales.order-placed.v1 again for the order, or look why stock does not answer.',
  },
  {
    name: 'handed-on',
    promise: 'P2',
    sentence: 'What a department did has reached the next one (ids with the step that lacks it).',
    advice: 'The event is in no outbox, queue, deferral or parking: publish it again, or restore what was set back.',
  },
  {
    name: 'told-to-sales',
    promise: 'P2',
    sentence: 'Sales knows what the departments did (ids with the step and the event that lacks).',
    advice: 'The event is in no outbox, queue, deferral or parking: publish it again.',
  },
  {
    name: 'cancelled-is-undone',
    promise: 'P4',
    sentence: 'A cancelled order holds no stock, no valid invoice and no open receivable (ids with the step).',
    advice: 'The cancellation did not arrive there: publish it again, or undo it by hand.',
  },
] as const satisfies readonly Check[];

type Since = number | null | undefined | false;

function hop(step: string, type: string, check: Hop['check'], openSince: (order: OrderFacts) => Since): Hop {
  return { step, type, check, openSince: (order) => openSince(order) || null };
}

/** In the order of the line: the first one that is open says where an order is. */
export const hops: readonly Hop[] = [
  hop(
    'stock.reserve-stock',
    'sales.order-placed.v1',
    'accepted-is-decided',
    ({ sales, stock }) => !stock && sales?.rejectedAt == null && sales?.placedAt,
  ),
  hop(
    'sales.reject-order',
    'stock.stock-rejected.v1',
    'accepted-is-decided',
    ({ sales, stock }) =>
      sales && stock?.status === 'rejected' && !sales.rejectedAt && !sales.cancelledAt && stock.changedAt,
  ),
  hop(
    'fulfillment.open-pick-list',
    'stock.stock-reserved.v1',
    'handed-on',
    ({ stock, fulfillment }) => !fulfillment && isReserved(stock) && stock!.decidedAt,
  ),
  hop(
    'invoicing.issue-invoice',
    'fulfillment.order-packed.v1',
    'handed-on',
    ({ fulfillment, invoicing }) => !invoicing && fulfillment?.packedAt,
  ),
  hop(
    'fulfillment.release-for-dispatch',
    'invoicing.invoice-issued.v1',
    'handed-on',
    ({ fulfillment, invoicing }) => fulfillment?.status === 'packed' && invoicing?.issuedAt,
  ),
  hop(
    'billing.open-receivable',
    'invoicing.invoice-issued.v1',
    'handed-on',
    ({ invoicing, billing }) => !billing && invoicing?.issuedAt,
  ),
  hop(
    'billing.charge-customer',
    'billing.charge-requested.v1',
    'handed-on',
    ({ billing }) => billing?.status === 'open' && billing.chargeState === 'requested' && billing.openedAt,
  ),
  hop(
    'stock.take-from-shelf',
    'fulfillment.order-packed.v1',
    'handed-on',
    ({ stock, fulfillment }) => stock?.status === 'reserved' && fulfillment?.packedAt,
  ),
  hop(
    'fulfillment.stop-order',
    'sales.order-cancellation-requested.v1',
    'handed-on',
    ({ sales, fulfillment }) =>
      fulfillment?.status !== 'stopped' && !fulfillment?.refusedAt && sales?.cancellationRequestedAt,
  ),
  hop(
    'sales.cancel-order',
    'fulfillment.order-stopped.v1',
    'told-to-sales',
    ({ sales, fulfillment }) =>
      sales && !sales.cancelledAt && !sales.rejectedAt && fulfillment?.status === 'stopped' && fulfillment.changedAt,
  ),
  hop(
    'sales.record-refusal',
    'fulfillment.cancellation-refused.v1',
    'told-to-sales',
    ({ sales, fulfillment }) => sales && !sales.cancellationRefusedAt && fulfillment?.refusedAt,
  ),
  hop(
    'stock.release-stock',
    'sales.order-cancelled.v1',
    'cancelled-is-undone',
    ({ sales, stock }) => !['released', 'returned', 'rejected'].includes(stock?.status ?? '') && sales?.cancelledAt,
  ),
  hop(
    'invoicing.cancel-invoice',
    'sales.order-cancelled.v1',
    'cancelled-is-undone',
    ({ sales, invoicing }) => invoicing?.status === 'issued' && sales?.cancelledAt,
  ),
  hop(
    'billing.cancel-receivable',
    'invoicing.invoice-cancelled.v1',
    'cancelled-is-undone',
    ({ invoicing, billing }) => billing !== undefined && billing.status !== 'void' && invoicing?.cancelledAt,
  ),
  hop(
    'sales.record-progress',
    'stock.stock-reserved.v1',
    'told-to-sales',
    ({ sales, stock }) => sales && !sales.reservedAt && isReserved(stock) && stock!.decidedAt,
  ),
  hop(
    'sales.record-progress',
    'fulfillment.order-packed.v1',
    'told-to-sales',
    ({ sales, fulfillment }) => sales && !sales.packedAt && fulfillment?.packedAt,
  ),
  hop(
    'sales.record-progress',
    'invoicing.invoice-issued.v1',
    'told-to-sales',
    ({ sales, invoicing }) => sales && !sales.invoicedAt && invoicing?.issuedAt,
  ),
  hop(
    'sales.record-progress',
    'fulfillment.order-shipped.v1',
    'told-to-sales',
    ({ sales, fulfillment }) => sales && !sales.shippedAt && fulfillment?.status === 'shipped' && fulfillment.changedAt,
  ),
  hop(
    'sales.record-progress',
    'billing.payment-received.v1',
    'told-to-sales',
    ({ sales, billing }) =>
      sales && !sales.paidAt && billing?.status === 'paid' && (billing.lastPaymentAt ?? billing.openedAt),
  ),
];

function isReserved(stock: OrderFacts['stock']): boolean {
  return stock?.status === 'reserved' || stock?.status === 'taken';
}

/** A hop of one order that has not arrived. */
export interface OpenHop {
  readonly hop: Hop;
  readonly since: number;
  /** Where the message is seen waiting. */
  readonly message: MessageFacts | undefined;
}

export function openHops(order: OrderFacts): OpenHop[] {
  return hops.flatMap((hop) => {
    const since = hop.openSince(order);
    return since === null ? [] : [{ hop, since, message: order.messages.find((message) => carries(message, hop)) }];
  });
}

function carries({ place, step, type }: MessageFacts, hop: Hop): boolean {
  return type === hop.type && (place === 'outbox' || step === hop.step);
}

/** Open for longer than it may be, and the message is nowhere in the departments' tables. */
export function isLost({ since, message }: OpenHop, { now, settleMs }: { now: number; settleMs: number }): boolean {
  return !message && now - since > settleMs;
}
