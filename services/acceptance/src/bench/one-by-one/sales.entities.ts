import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('orders')
export class OrderRow {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  channel!: string;

  @Column('text', { name: 'external_id' })
  externalId!: string;

  @Column('jsonb')
  sheet!: object;

  @Column('bigint')
  total!: number;

  @Column('text')
  currency!: string;

  @Column('jsonb')
  reasons!: object;

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

  @Column('timestamptz', { name: 'paid_at', nullable: true })
  paidAt!: Date | null;

  @Column('timestamptz', { name: 'completed_at', nullable: true })
  completedAt!: Date | null;
}
