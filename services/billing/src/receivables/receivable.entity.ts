import type { PaymentMethod, PaymentTerms } from '@retaguarda/contracts';
import { Check, Column, Entity, PrimaryColumn, Unique } from 'typeorm';
import type { ReceivableStatus } from './receivables.js';

/**
 * What a customer owes for one invoice: one for an invoice and one for an order, for ever. Amounts are minor units.
 * `paid` is what payments were applied to it; owed is the rest, unless it is void.
 */
@Entity('receivables')
@Unique('receivables_order', ['orderId'])
@Unique('receivables_invoice', ['invoiceId'])
@Check('receivables_paid', 'paid >= 0 and paid <= amount')
@Check('receivables_status', "status in ('open', 'paid', 'void')")
@Check('receivables_settled', "status = 'void' or (status = 'paid') = (paid = amount)")
export class Receivable {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid', { name: 'order_id' })
  orderId!: string;

  @Column('uuid', { name: 'invoice_id' })
  invoiceId!: string;

  @Column('bigint')
  amount!: string;

  @Column('bigint')
  paid!: string;

  @Column('text')
  currency!: string;

  @Column('text')
  terms!: PaymentTerms;

  @Column('text')
  method!: PaymentMethod;

  @Column('date', { name: 'due_on' })
  dueOn!: string;

  @Column('text')
  status!: ReceivableStatus;

  @Column('text', { name: 'void_reason', nullable: true })
  voidReason!: string | null;

  @Column('timestamptz', { name: 'opened_at' })
  openedAt!: Date;
}
