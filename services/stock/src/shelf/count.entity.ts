import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A shelf that was counted. The reference is the warehouse's own number: it is counted once. */
@Entity('counts')
export class ShelfCount {
  @PrimaryColumn('text')
  reference!: string;

  @Column('text')
  location!: string;

  @Column('jsonb')
  lines!: { sku: string; quantity: number }[];

  @Column('timestamptz', { name: 'counted_at' })
  countedAt!: Date;
}
