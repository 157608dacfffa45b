import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** Why what is on hand changed: the ledger is append-only, and a level is the sum of its movements. */
export type MovementKind = 'receipt' | 'sale' | 'return' | 'count';

@Entity('movements')
@Index('movements_sku', ['sku', 'id'])
@Check('movements_kind', "kind in ('receipt', 'sale', 'return', 'count')")
@Check('movements_quantity', 'quantity <> 0')
export class Movement {
  @PrimaryColumn('bigint', { generated: 'identity', generatedIdentity: 'ALWAYS' })
  id!: string;

  @Column('text')
  sku!: string;

  @Column('text')
  location!: string;

  @Column('text')
  kind!: MovementKind;

  /** Positive onto the shelf, negative off it. */
  @Column('int')
  quantity!: number;

  /** The order, receipt or count that moved it. */
  @Column('text')
  reference!: string;

  @Column('timestamptz', { name: 'moved_at' })
  movedAt!: Date;
}
