import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * What stock decided about an order, once and for ever: the order id is the key. A cancellation that comes before the
 * order leaves `released` behind, so that the order finds itself cancelled.
 */
export type ReservationStatus = 'reserved' | 'rejected' | 'taken' | 'released' | 'returned';

/** What may follow what. */
export const reservationSteps: Readonly<Record<ReservationStatus, readonly ReservationStatus[]>> = {
  reserved: ['taken', 'released', 'rejected'],
  taken: ['returned'],
  rejected: [],
  released: [],
  returned: [],
};

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
