import { ChargeRefused } from './billing/charge-refused.v1.js';
import { ChargeRequested } from './billing/charge-requested.v1.js';
import { PaymentReceived } from './billing/payment-received.v1.js';
import { PaymentRefunded } from './billing/payment-refunded.v1.js';
import { ReceivableOpened } from './billing/receivable-opened.v1.js';
import { ReceivableVoided } from './billing/receivable-voided.v1.js';
import type { EventClass, Facts } from './event.js';
import { CancellationRefused } from './fulfillment/cancellation-refused.v1.js';
import { OrderPacked } from './fulfillment/order-packed.v1.js';
import { OrderShipped } from './fulfillment/order-shipped.v1.js';
import { OrderStopped } from './fulfillment/order-stopped.v1.js';
import { InvoiceCancelled } from './invoicing/invoice-cancelled.v1.js';
import { InvoiceIssued } from './invoicing/invoice-issued.v1.js';
import { CancellationRequested } from './sales/order-cancellation-requested.v1.js';
import { OrderCancelled } from './sales/order-cancelled.v1.js';
import { OrderCompleted } from './sales/order-completed.v1.js';
import { OrderPlaced } from './sales/order-placed.v1.js';
import { OrderRejected } from './sales/order-rejected.v1.js';
import { AvailabilityChanged } from './stock/availability-changed.v1.js';
import { StockRejected } from './stock/stock-rejected.v1.js';
import { StockReserved } from './stock/stock-reserved.v1.js';
import { OrderCancellationRequested } from './storefront/order-cancellation-requested.v1.js';
import { OrderSubmitted } from './storefront/order-submitted.v1.js';

/** An event class as the registry knows it: with its example. */
export interface Contract<E extends object = object> extends EventClass<E> {
  /** The class's name, such as `OrderPlaced`. */
  readonly name: string;
  readonly example: Facts<E>;
}

/** Every version of every event, in the order in which an order meets them. */
export const contracts: readonly Contract[] = [
  OrderSubmitted,
  OrderCancellationRequested,
  OrderPlaced,
  OrderRejected,
  CancellationRequested,
  OrderCancelled,
  OrderCompleted,
  StockReserved,
  StockRejected,
  AvailabilityChanged,
  OrderPacked,
  OrderShipped,
  OrderStopped,
  CancellationRefused,
  InvoiceIssued,
  InvoiceCancelled,
  ReceivableOpened,
  ReceivableVoided,
  ChargeRequested,
  ChargeRefused,
  PaymentReceived,
  PaymentRefunded,
];

const byType: ReadonlyMap<string, Contract> = new Map(contracts.map((contract) => [contract.type, contract]));
const typePattern = /^([a-z-]{1,60}\.[a-z-]{1,60})\.v([1-9]\d{0,5})$/;

/** The contract of an event type, or undefined when this release has none. */
export function contractOf(type: string): Contract | undefined {
  return byType.get(type);
}

/** Who emits a contract's event: `sales` of `sales.order-placed.v1`. */
export function ownerOf({ type }: { readonly type: string }): string {
  return type.slice(0, type.indexOf('.'));
}

/** Whether a storefront's user at the broker may bind its queues to it. */
export function isForStorefronts({ about }: Pick<EventClass, 'about'>): boolean {
  return about.storefronts ? about.storefronts === 'may listen' : about.audience === 'anyone';
}

/** What this release makes of an event type: known, a version it does not know, an unknown event, or no type at all. */
export function explainType(type: string): string {
  if (byType.has(type)) return `${type} is known`;
  const match = typePattern.exec(type);
  if (!match) return 'is not an event type, which looks like sales.order-placed.v1';
  const known = contracts.filter((contract) => contract.type.startsWith(`${match[1]}.v`));
  if (known.length === 0) return `${type} is an unknown event`;
  const versions = known.map((contract) => contract.type.slice(contract.type.lastIndexOf('.') + 1));
  return `${type} is a version that this release does not know; it knows ${versions.join(', ')}`;
}
