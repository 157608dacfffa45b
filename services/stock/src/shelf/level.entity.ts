import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** How much of an item is at a location. What is free to promise is `onHand - reserved`, and that is never negative. */
@Entity('levels')
@Check('levels_reserved_on_hand', 'reserved >= 0 and reserved <= on_hand')
export class Level {
  @PrimaryColumn('text')
  sku!: string;

  @PrimaryColumn('text')
  location!: string;

  @Column('int', { name: 'on_hand' })
  onHand!: number;

  @Column('int')
  reserved!: number;
}

/** Where goods are when nobody names a place. */
export const MAIN_LOCATION = 'main';
