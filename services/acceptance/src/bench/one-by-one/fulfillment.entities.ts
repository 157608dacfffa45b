import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('pick_lists')
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
  status!: string;

  @Column('text')
  method!: string;

  @Column('jsonb')
  sheet!: object;

  @Column('jsonb', { nullable: true })
  invoice!: object | null;

  @Column('timestamptz', { name: 'opened_at' })
  openedAt!: Date;

  @Column('timestamptz', { name: 'changed_at' })
  changedAt!: Date;

  @Column('timestamptz', { name: 'packed_at', nullable: true })
  packedAt!: Date | null;

  @Column('timestamptz', { name: 'left_at', nullable: true })
  leftAt!: Date | null;
}

@Entity('pick_list_lines')
export class PickListLine {
  @PrimaryColumn('uuid', { name: 'pick_list_id' })
  pickListId!: string;

  @PrimaryColumn('int')
  position!: number;

  @Column('int')
  line!: number;

  @Column('text')
  sku!: string;

  @Column('text')
  name!: string;

  @Column('text')
  kind!: string;

  @Column('text')
  location!: string;

  @Column('int')
  quantity!: number;

  @Column('int')
  picked!: number;
}

@Entity('parcels')
export class Parcel {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid', { name: 'order_id' })
  orderId!: string;

  @Column('jsonb')
  lines!: object;

  @Column('text', { nullable: true })
  carrier!: string | null;

  @Column('text', { name: 'tracking_code', nullable: true })
  trackingCode!: string | null;

  @Column('timestamptz', { name: 'dispatched_at', nullable: true })
  dispatchedAt!: Date | null;
}
