import type { OrderFacts } from '../order-facts.js';
import type { Check, Moment } from './check.js';
import type { OpenHop } from './hops.js';

export const explainedCheck: Check = {
  name: 'unfinished-is-explained',
  promise: 'P1',
  sentence: 'Every accepted order is finished, or it is known where it waits.',
  advice: 'Look at the order’s timeline: nothing will move it on by itself.',
};

export function isFinished({ sales }: OrderFacts): boolean {
  return !sales || (sales.completedAt ?? sales.rejectedAt ?? sales.cancelledAt) !== null;
}

/** Where an unfinished order waits, in words that are counted: the first of these in the order of the line. */
export function placeOf(order: OrderFacts, open: readonly OpenHop[]): string | undefined {
  const aside = open.find(({ message }) => message && message.place !== 'outbox');
  if (aside) return `${aside.message!.place} at ${aside.hop.step}`;
  const [first] = open;
  if (first?.message) return `in an outbox for ${first.hop.step}`;
  if (first) return `on its way to ${first.hop.step}`;
  return inTheHouse(order) ?? atTheCustomer(order);
}

function inTheHouse({ fulfillment }: OrderFacts): string | undefined {
  switch (fulfillment?.status) {
    case 'open':
      return fulfillment.hasShortage ? 'short: not all on the shelf' : 'pick list open';
    case 'picking':
      return fulfillment.hasShortage ? 'short: not all on the shelf' : 'being picked';
    case 'ready':
      return 'parcel to be dispatched';
    default:
      return undefined;
  }
}

function atTheCustomer({ billing }: OrderFacts): string | undefined {
  if (billing?.status !== 'open') return undefined;
  switch (billing.chargeState) {
    case 'pending':
      return 'charge pending';
    case 'unknown':
      return 'charge without answer';
    case 'refused':
      return 'charge refused';
    default:
      return 'payment due';
  }
}

/** The last thing that any department did for the order, ms. */
export function lastFactAt({ sales, stock, fulfillment, invoicing, billing }: OrderFacts): number {
  const times = [
    ...[sales?.placedAt, sales?.reservedAt, sales?.packedAt, sales?.invoicedAt, sales?.shippedAt, sales?.paidAt],
    ...[sales?.cancellationRequestedAt, sales?.cancellationRefusedAt, stock?.changedAt, fulfillment?.changedAt],
    ...[invoicing?.issuedAt, invoicing?.cancelledAt, billing?.openedAt, billing?.lastPaymentAt],
  ];
  return Math.max(...times.map((at) => at ?? 0));
}

export function isStuck(order: OrderFacts, { now, settleMs }: Moment): boolean {
  return now - lastFactAt(order) > settleMs;
}
