import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

export type Verdict = 'picked' | 'wrong-item' | 'too-many';

/** One scan at a pick list, also one that was refused: mis-scans are counted from here. */
@Entity('scans')
@Index('scans_by_pick_list', ['pickListId'])
@Check('scans_verdict', "verdict in ('picked', 'wrong-item', 'too-many')")
export class Scan {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid', { name: 'pick_list_id' })
  pickListId!: string;

  @Column('text')
  code!: string;

  @Column('int')
  quantity!: number;

  /** How many pieces the list still wanted of it. */
  @Column('int')
  wanted!: number;

  @Column('text')
  verdict!: Verdict;

  @Column('timestamptz', { name: 'scanned_at' })
  scannedAt!: Date;
}
