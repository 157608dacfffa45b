import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** A run of numbers without gap or repeat. */
@Entity('series')
@Check('series_next_number', 'next_number > 0')
export class Series {
  @PrimaryColumn('text')
  code!: string;

  /** The number that the next invoice of the series gets. */
  @Column('int', { name: 'next_number' })
  nextNumber!: number;
}

/** The series of every invoice. */
export const MAIN_SERIES = '1';
