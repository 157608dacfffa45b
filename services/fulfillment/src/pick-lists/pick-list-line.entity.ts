import type { LineKind } from '@retaguarda/contracts';
import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** Pieces of one item to be taken from one location, or a service to be performed. */
@Entity('pick_list_lines')
@Check('pick_list_lines_kind', "kind in ('goods', 'service')")
@Check('pick_list_lines_picked', 'quantity > 0 and picked >= 0 and picked <= quantity')
export class PickListLine {
  @PrimaryColumn('uuid', { name: 'pick_list_id' })
  pickListId!: string;

  /** The place of the line on the walk through the store, from 1. */
  @PrimaryColumn('int')
  position!: number;

  /** The line of the order; one that lies at several locations is on the list several times. */
  @Column('int')
  line!: number;

  @Column('text')
  sku!: string;

  @Column('text')
  name!: string;

  @Column('text')
  kind!: LineKind;

  @Column('text', { nullable: true })
  location!: string | null;

  @Column('int')
  quantity!: number;

  /** Goods: pieces scanned. Services: times performed. */
  @Column('int')
  picked!: number;
}
