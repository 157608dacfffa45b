import { Check, Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import type { Problem } from './matching.js';

/**
 * Money that came in: one row for a provider's reference, for ever, whether it could be matched or not. `applied` counts
 * towards the receivable; the rest waits for a person or goes back. Amounts are minor units.
 */
@Entity('payments')
@Unique('payments_reference', ['provider', 'reference'])
@Index('payments_receivable', ['receivableId'])
@Index('payments_unmatched', ['id'], { where: 'problem is not null' })
@Check('payments_applied', 'applied >= 0 and applied <= amount')
@Check('payments_refunded', 'refunded >= 0 and refunded <= amount')
@Check('payments_matched', 'applied = 0 or receivable_id is not null')
@Check('payments_problem', '(problem is null) = (applied = amount)')
export class Payment {
  @PrimaryColumn('uuid')
  id!: string;

  /** Who took the money: a payment provider's name, or `storefront:` and the channel for what was prepaid there. */
  @Column('text')
  provider!: string;

  /** That provider's own number of the payment. */
  @Column('text')
  reference!: string;

  /** What the money is for, in the provider's words: a receivable's id, if all is well. */
  @Column('text', { name: 'stated_for' })
  statedFor!: string;

  @Column('uuid', { name: 'receivable_id', nullable: true })
  receivableId!: string | null;

  @Column('bigint')
  amount!: string;

  @Column('text')
  currency!: string;

  @Column('bigint')
  applied!: string;

  /** Given back, or about to be. */
  @Column('bigint')
  refunded!: string;

  /** Why not all of it was applied. */
  @Column('text', { nullable: true })
  problem!: Problem | null;

  @Column('timestamptz', { name: 'paid_at' })
  paidAt!: Date;

  @Column('timestamptz', { name: 'recorded_at' })
  recordedAt!: Date;
}
