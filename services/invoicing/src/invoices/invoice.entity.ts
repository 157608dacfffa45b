import { Check, Column, Entity, PrimaryColumn, Unique } from 'typeorm';
import type { InvoicedCustomer, InvoiceLine } from './document.js';

/** An invoice begins with its number. A cancelled one keeps its number and its row for ever. */
export type InvoiceStatus = 'issued' | 'cancelled';

/** What may follow what. */
export const invoiceSteps: Readonly<Record<InvoiceStatus, readonly InvoiceStatus[]>> = {
  issued: ['cancelled'],
  cancelled: [],
};

/** Postgres sends a bigint as text; sums within the contracts' bounds are exact as numbers. */
const minorUnits = { to: (amount: number) => amount, from: Number };

@Entity('invoices')
@Unique('invoices_order', ['orderId'])
@Unique('invoices_number', ['series', 'number'])
@Check('invoices_number_range', 'number between 1 and 999999999')
@Check('invoices_status', "status in ('issued', 'cancelled')")
@Check(
  'invoices_cancellation',
  "(status = 'cancelled') = (cancelled_at is not null and cancellation_reason is not null)",
)
@Check('invoices_total', 'shipping_fee >= 0 and invoice_adds_up(lines, shipping_fee, total)')
export class Invoice {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid', { name: 'order_id' })
  orderId!: string;

  @Column('text')
  channel!: string;

  @Column('text', { name: 'external_id' })
  externalId!: string;

  @Column('text')
  series!: string;

  @Column('int')
  number!: number;

  @Column('text')
  status!: InvoiceStatus;

  @Column('text')
  currency!: string;

  /** Personal data: on the invoice itself, never in lists. */
  @Column('jsonb')
  customer!: InvoicedCustomer;

  @Column('jsonb')
  lines!: InvoiceLine[];

  @Column('bigint', { name: 'shipping_fee', transformer: minorUnits })
  shippingFee!: number;

  /** Σ lines + shippingFee, minor units; the table refuses any other. */
  @Column('bigint', { transformer: minorUnits })
  total!: number;

  @Column('timestamptz', { name: 'issued_at' })
  issuedAt!: Date;

  @Column('timestamptz', { name: 'cancelled_at', nullable: true })
  cancelledAt!: Date | null;

  /** In the customer's words, so never in lists. */
  @Column('text', { name: 'cancellation_reason', nullable: true })
  cancellationReason!: string | null;
}
