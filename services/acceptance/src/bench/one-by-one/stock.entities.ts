import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('reservations')
export class Reservation {
  @PrimaryColumn('uuid', { name: 'order_id' })
  orderId!: string;

  @Column('text')
  status!: string;

  @Column('timestamptz', { name: 'decided_at' })
  decidedAt!: Date;

  @Column('timestamptz', { name: 'changed_at' })
  changedAt!: Date;
}

@Entity('reservation_lines')
export class ReservationLine {
  @PrimaryColumn('uuid', { name: 'order_id' })
  orderId!: string;

  @PrimaryColumn('text')
  sku!: string;

  @PrimaryColumn('text')
  location!: string;

  @Column('int')
  quantity!: number;
}

@Entity('levels')
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

@Entity('movements')
export class Movement {
  @PrimaryColumn('bigint', { generated: 'identity', generatedIdentity: 'ALWAYS' })
  id!: string;

  @Column('text')
  sku!: string;

  @Column('text')
  location!: string;

  @Column('text')
  kind!: string;

  @Column('int')
  quantity!: number;

  @Column('text')
  reference!: string;

  @Column('timestamptz', { name: 'moved_at' })
  movedAt!: Date;
}
