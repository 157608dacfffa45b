import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { OrderStatus } from '../orders/status.js';

/** A key that somebody sent with an order over HTTP, and the answer that belongs to it. */
@Entity('idempotency_keys')
@Index('idempotency_keys_used_at', ['usedAt'])
export class IdempotencyKey {
  @PrimaryColumn('text')
  key!: string;

  /** SHA-256 of the body as it was understood: neither blanks, field order nor unknown fields make another body. */
  @Column('text')
  fingerprint!: string;

  /** The request that used the key first. */
  @Column('uuid', { name: 'request_id' })
  requestId!: string;

  @Column('uuid', { name: 'order_id' })
  orderId!: string;

  /** As it was answered then. */
  @Column('text')
  status!: OrderStatus;

  @Column('timestamptz', { name: 'used_at' })
  usedAt!: Date;
}
