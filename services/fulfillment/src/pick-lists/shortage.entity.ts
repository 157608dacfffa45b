import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

export const shortageReasons = ['not-on-shelf', 'damaged', 'expired', 'other'] as const;
export type ShortageReason = (typeof shortageReasons)[number];

/** Pieces that somebody could not pick. It is settled as soon as all pieces of the item were scanned after all. */
@Entity('shortages')
@Check('shortages_reason', "reason in ('not-on-shelf', 'damaged', 'expired', 'other')")
@Check('shortages_quantity', 'quantity > 0')
export class Shortage {
  @PrimaryColumn('uuid', { name: 'pick_list_id' })
  pickListId!: string;

  @PrimaryColumn('text')
  sku!: string;

  @PrimaryColumn('text')
  reason!: ShortageReason;

  @Column('int')
  quantity!: number;

  @Column('text', { nullable: true })
  note!: string | null;

  @Column('timestamptz', { name: 'reported_at' })
  reportedAt!: Date;
}
