import type { OrderLine, OrderSheet } from '@retaguarda/contracts';
import { sum } from '@retaguarda/money';

/** A line as it stands on the invoice. `total` is quantity × unitPrice − discount, minor units. */
export interface InvoiceLine {
  readonly line: number;
  readonly sku: string;
  readonly name: string;
  readonly quantity: number;
  readonly unitPrice: number;
  readonly discount: number;
  readonly kind: OrderLine['kind'];
  readonly total: number;
}

/** Who the invoice is made out to. */
export type InvoicedCustomer = OrderSheet['customer'];

/** What is on an invoice before it has a number. It is a copy: what changes elsewhere later changes nothing here. */
export interface Document {
  readonly channel: string;
  readonly externalId: string;
  readonly currency: string;
  readonly customer: InvoicedCustomer;
  readonly lines: readonly InvoiceLine[];
  readonly shippingFee: number;
  readonly total: number;
}

/** Writes the invoice of an order. Throws RangeError if an amount is not an exact integer. */
export function documentOf({ channel, externalId, currency, customer, lines, shippingFee }: OrderSheet): Document {
  const invoiced = lines.map(invoiceLineOf);
  const total = sum([...invoiced.map((line) => line.total), shippingFee]);
  return { channel, externalId, currency, customer, lines: invoiced, shippingFee, total };
}

function invoiceLineOf({ line, sku, name, quantity, unitPrice, discount, kind }: OrderLine): InvoiceLine {
  return { line, sku, name, quantity, unitPrice, discount, kind, total: sum([quantity * unitPrice, -discount]) };
}

const REASON_LENGTH = 500;

/** The reasons of a cancellation in one text of at most 500 characters, whole characters only. */
export function reasonFrom(reasons: readonly string[]): string {
  return [...reasons.join('; ')].slice(0, REASON_LENGTH).join('');
}
