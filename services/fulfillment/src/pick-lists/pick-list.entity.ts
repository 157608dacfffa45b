import type { OrderSheet } from '@retaguarda/contracts';
import { Check, Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import type { Method, PickListStatus } from './pick-lists.js';

/** The invoice that travels with the parcels. */
export interface InvoiceOfParcel {
  readonly invoiceId: string;
  readonly series: string;
  readonly number: number;
  readonly accessKey?: string;
}

/** What is to be picked for one order, and how far it is. One list per order, for ever. */
@Entity('pick_lists')
@Unique('pick_lists_order', ['orderId'])
@Index('pick_lists_by_status', ['status', 'id'])
@Check('pick_lists_status', "status in ('open', 'picking', 'packed', 'ready', 'shipped', 'stopped')")
@Check('pick_lists_method', "method in ('ship', 'pickup', 'none')")
@Check('pick_lists_sheet', "status = 'stopped' or (sheet is not null and method is not null)")
@Check('pick_lists_packed', "status = 'stopped' or (packed_at is null) = (status in ('open', 'picking'))")
@Check('pick_lists_left', "case when left_at is null then status <> 'shipped' else status in ('ready', 'shipped') end")
export class PickList {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid', { name: 'order_id' })
  orderId!: string;

  @Column('text')
  channel!: string;

  @Column('text', { name: 'external_id' })
  externalId!: string;

  @Column('text')
  status!: PickListStatus;

  @Column('text', { nullable: true })
  method!: Method | null;

  @Column('jsonb', { nullable: true })
  sheet!: OrderSheet | null;

  @Column('jsonb', { nullable: true })
  invoice!: InvoiceOfParcel | null;

  @Column('text', { name: 'stop_reason', nullable: true })
  stopReason!: string | null;

  @Column('timestamptz', { name: 'opened_at' })
  openedAt!: Date;

  @Column('timestamptz', { name: 'changed_at' })
  changedAt!: Date;

  @Column('timestamptz', { name: 'packed_at', nullable: true })
  packedAt!: Date | null;

  /** When the first parcel left. From then on the order cannot be stopped; the table refuses it as well. */
  @Column('timestamptz', { name: 'left_at', nullable: true })
  leftAt!: Date | null;

  /** When a cancellation was refused; it is refused once. */
  @Column('timestamptz', { name: 'refused_at', nullable: true })
  refusedAt!: Date | null;
}
