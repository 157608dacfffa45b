import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('series')
export class Series {
  @PrimaryColumn('text')
  code!: string;

  @Column('int', { name: 'next_number' })
  nextNumber!: number;
}

@Entity('invoices')
export class Invoice {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid', { name: 'order_id' })
  orderId!: string;

  @Column('text')
  channel!: string;

  @Column('text', { name: 'external_id' })
  externalId!: string;

  @Column('text')
  series!: string;

  @Column('int')
  number!: number;

  @Column('text')
  status!: string;

  @Column('text')
  currency!: string;

  @Column('jsonb')
  customer!: object;

  @Column('jsonb')
  lines!: object;

  @Column('bigint', { name: 'shipping_fee' })
  shippingFee!: number;

  @Column('bigint')
  total!: number;

  @Column('timestamptz', { name: 'issued_at' })
  issuedAt!: Date;
}
