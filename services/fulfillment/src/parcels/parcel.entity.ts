import type { PackedLine } from '@retaguarda/contracts';
import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A box or bag with goods of one order. It has a carrier and a tracking code from the moment it leaves. */
@Entity('parcels')
@Index('parcels_by_order', ['orderId'])
@Check('parcels_dispatched', 'num_nonnulls(carrier, tracking_code, dispatched_at) in (0, 3)')
export class Parcel {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid', { name: 'order_id' })
  orderId!: string;

  @Column('jsonb')
  lines!: PackedLine[];

  @Column('text', { nullable: true })
  carrier!: string | null;

  @Column('text', { name: 'tracking_code', nullable: true })
  trackingCode!: string | null;

  @Column('timestamptz', { name: 'dispatched_at', nullable: true })
  dispatchedAt!: Date | null;
}
