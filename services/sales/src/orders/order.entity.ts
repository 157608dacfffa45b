import type { OrderSheet } from '@retaguarda/contracts';
import { Check, Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import type { Fact } from './orders.js';

/**
 * An order: what was ordered and what is known about it. Its status is derived from the facts (status.ts), so it cannot
 * contradict them; the table refuses facts that contradict each other.
 */
@Entity('orders')
@Unique('orders_channel_external_id', ['channel', 'externalId'])
@Index('orders_open', ['id'], { where: 'completed_at is null and rejected_at is null and cancelled_at is null' })
@Index('orders_ended_early', ['id'], { where: 'rejected_at is not null or cancelled_at is not null' })
@Check('orders_one_end', 'num_nonnulls(completed_at, rejected_at, cancelled_at) <= 1')
@Check('orders_completed', 'completed_at is null or (shipped_at is not null and paid_at is not null)')
@Check('orders_rejected', "rejected_at is null or reasons->'rejected'->0 is not null")
@Check('orders_cancelled', "cancelled_at is null or reasons->'cancelled'->0 is not null")
@Check('orders_total', 'total >= 0')
export class Order {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  channel!: string;

  @Column('text', { name: 'external_id' })
  externalId!: string;

  @Column('jsonb')
  sheet!: OrderSheet;

  /** Minor units. */
  @Column('bigint')
  total!: string;

  @Column('text')
  currency!: string;

  /** Why, for the facts that have a reason. */
  @Column('jsonb')
  reasons!: Partial<Record<Fact, string[]>>;

  /** When sales took the order in; when the customer ordered is in the sheet. */
  @Column('timestamptz', { name: 'placed_at' })
  placedAt!: Date;

  @Column('timestamptz', { name: 'reserved_at', nullable: true })
  reservedAt!: Date | null;

  @Column('timestamptz', { name: 'packed_at', nullable: true })
  packedAt!: Date | null;

  @Column('timestamptz', { name: 'invoiced_at', nullable: true })
  invoicedAt!: Date | null;

  @Column('timestamptz', { name: 'shipped_at', nullable: true })
  shippedAt!: Date | null;

  /** When nothing was outstanding any more. */
  @Column('timestamptz', { name: 'paid_at', nullable: true })
  paidAt!: Date | null;

  @Column('timestamptz', { name: 'completed_at', nullable: true })
  completedAt!: Date | null;

  @Column('timestamptz', { name: 'rejected_at', nullable: true })
  rejectedAt!: Date | null;

  @Column('timestamptz', { name: 'cancelled_at', nullable: true })
  cancelledAt!: Date | null;

  @Column('timestamptz', { name: 'cancellation_requested_at', nullable: true })
  cancellationRequestedAt!: Date | null;

  @Column('timestamptz', { name: 'cancellation_refused_at', nullable: true })
  cancellationRefusedAt!: Date | null;
}
