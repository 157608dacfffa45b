import { Check, Column, Entity, PrimaryColumn, Unique } from 'typeorm';
import type { Account, EntryKind } from './ledger.js';

const ACCOUNTS = "('receivables', 'revenue', 'cash', 'unmatched', 'refunds')";

/**
 * One amount from one account to another: a row is both its debit and its credit, so the books balance however many
 * there are. Append-only, by a trigger; unique by what it stands for, so that nothing is booked twice.
 */
@Entity('ledger_entries')
@Unique('ledger_entries_once', ['kind', 'reference'])
@Check('ledger_entries_amount', 'amount > 0')
@Check('ledger_entries_debit', `debit_account in ${ACCOUNTS}`)
@Check('ledger_entries_credit', `credit_account in ${ACCOUNTS}`)
@Check('ledger_entries_accounts', 'debit_account <> credit_account')
export class LedgerEntry {
  @PrimaryColumn('bigint', { generated: 'identity', generatedIdentity: 'ALWAYS' })
  id!: string;

  @Column('text')
  kind!: EntryKind;

  @Column('text', { name: 'debit_account' })
  debitAccount!: Account;

  @Column('text', { name: 'credit_account' })
  creditAccount!: Account;

  /** Minor units. */
  @Column('bigint')
  amount!: string;

  @Column('text')
  currency!: string;

  @Column('uuid', { name: 'receivable_id', nullable: true })
  receivableId!: string | null;

  /** The receivable, payment or refund that is booked. */
  @Column('uuid')
  reference!: string;

  @Column('timestamptz', { name: 'booked_at' })
  bookedAt!: Date;
}
