import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('receivables')
export class Receivable {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid', { name: 'order_id' })
  orderId!: string;

  @Column('uuid', { name: 'invoice_id' })
  invoiceId!: string;

  @Column('bigint')
  amount!: number;

  @Column('bigint')
  paid!: number;

  @Column('text')
  currency!: string;

  @Column('text')
  terms!: string;

  @Column('text')
  method!: string;

  @Column('date', { name: 'due_on' })
  dueOn!: string;

  @Column('text')
  status!: string;

  @Column('timestamptz', { name: 'opened_at' })
  openedAt!: Date;
}

@Entity('instalments')
export class Instalment {
  @PrimaryColumn('uuid', { name: 'receivable_id' })
  receivableId!: string;

  @PrimaryColumn('int')
  number!: number;

  @Column('bigint')
  amount!: number;

  @Column('date', { name: 'due_on' })
  dueOn!: string;
}

@Entity('payments')
export class Payment {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  provider!: string;

  @Column('text')
  reference!: string;

  @Column('text', { name: 'stated_for' })
  statedFor!: string;

  @Column('uuid', { name: 'receivable_id' })
  receivableId!: string;

  @Column('bigint')
  amount!: number;

  @Column('text')
  currency!: string;

  @Column('bigint')
  applied!: number;

  @Column('bigint')
  refunded!: number;

  @Column('timestamptz', { name: 'paid_at' })
  paidAt!: Date;

  @Column('timestamptz', { name: 'recorded_at' })
  recordedAt!: Date;
}

@Entity('ledger_entries')
export class LedgerEntry {
  @PrimaryColumn('bigint', { generated: 'identity', generatedIdentity: 'ALWAYS' })
  id!: string;

  @Column('text')
  kind!: string;

  @Column('text', { name: 'debit_account' })
  debitAccount!: string;

  @Column('text', { name: 'credit_account' })
  creditAccount!: string;

  @Column('bigint')
  amount!: number;

  @Column('text')
  currency!: string;

  @Column('uuid', { name: 'receivable_id' })
  receivableId!: string;

  @Column('uuid')
  reference!: string;

  @Column('timestamptz', { name: 'booked_at' })
  bookedAt!: Date;
}
