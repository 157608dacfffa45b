import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** A part of a receivable that is due on its own day; together they are the receivable. */
@Entity('instalments')
@Check('instalments_amount', 'amount > 0')
export class Instalment {
  @PrimaryColumn('uuid', { name: 'receivable_id' })
  receivableId!: string;

  /** 1 is the first. */
  @PrimaryColumn('int')
  number!: number;

  @Column('bigint')
  amount!: string;

  @Column('date', { name: 'due_on' })
  dueOn!: string;
}
