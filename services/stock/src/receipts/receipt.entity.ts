import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Goods that came in. The reference is the supplier's or the warehouse's own number: it is received once. */
@Entity('receipts')
export class Receipt {
  @PrimaryColumn('text')
  reference!: string;

  @Column('text')
  location!: string;

  @Column('jsonb')
  lines!: { sku: string; quantity: number }[];

  @Column('timestamptz', { name: 'received_at' })
  receivedAt!: Date;
}
