import { Check, Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';

/** `requested`: decided and booked as owed to the customer. `paid`: the provider gave the money back. */
export const refundStates = ['requested', 'paid'] as const;
export type RefundState = (typeof refundStates)[number];

/** A payment that goes back to the customer, whole and once: its id is the idempotency key at the provider. */
@Entity('refunds')
@Unique('refunds_payment', ['paymentId'])
@Index('refunds_to_send', ['nextTryAt'], { where: "state = 'requested'" })
@Check('refunds_amount', 'amount > 0')
@Check('refunds_state', "state in ('requested', 'paid')")
@Check('refunds_refunded', "(state = 'paid') = (refunded_at is not null)")
export class Refund {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid', { name: 'payment_id' })
  paymentId!: string;

  @Column('uuid', { name: 'order_id' })
  orderId!: string;

  @Column('uuid', { name: 'receivable_id' })
  receivableId!: string;

  @Column('text')
  provider!: string;

  /** The payment's number at the provider. */
  @Column('text', { name: 'provider_reference' })
  providerReference!: string;

  @Column('bigint')
  amount!: string;

  @Column('text')
  currency!: string;

  @Column('text')
  reason!: string;

  @Column('text')
  state!: RefundState;

  /** The refund's own number at the provider. */
  @Column('text', { name: 'refund_reference', nullable: true })
  refundReference!: string | null;

  /** Why the last attempt did not succeed. */
  @Column('text', { nullable: true })
  problem!: string | null;

  @Column('timestamptz', { name: 'requested_at' })
  requestedAt!: Date;

  /** On the database's clock, like the next time: the clocks of processes may be off. */
  @Column('timestamptz', { name: 'waiting_since', default: () => 'now()' })
  waitingSince!: Date;

  @Column('timestamptz', { name: 'next_try_at' })
  nextTryAt!: Date;

  @Column('timestamptz', { name: 'refunded_at', nullable: true })
  refundedAt!: Date | null;
}
