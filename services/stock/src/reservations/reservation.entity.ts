import { Check, Column, Entity, PrimaryColumn } from 'typeorm';
import type { ReservationStatus } from '../shelf/shelf.js';

/** The decision on one order: see shelf.ts for what may follow what. */
@Entity('reservations')
@Check('reservations_status', "status in ('reserved', 'rejected', 'taken', 'released', 'returned')")
export class Reservation {
  @PrimaryColumn('uuid', { name: 'order_id' })
  orderId!: string;

  @Column('text')
  status!: ReservationStatus;

  @Column('timestamptz', { name: 'decided_at' })
  decidedAt!: Date;

  @Column('timestamptz', { name: 'changed_at' })
  changedAt!: Date;
}
