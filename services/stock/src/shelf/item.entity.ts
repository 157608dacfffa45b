import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Something that can be on a shelf. */
@Entity('items')
export class Item {
  @PrimaryColumn('text')
  sku!: string;

  @Column('text')
  name!: string;

  /** The availability that storefronts were last told; null when they were told nothing yet. */
  @Column('bigint', { nullable: true })
  announced!: string | null;

  @Column('timestamptz', { name: 'announced_at', nullable: true })
  announcedAt!: Date | null;
}
