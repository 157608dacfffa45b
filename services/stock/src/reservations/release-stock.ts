import { Injectable } from '@nestjs/common';
import type { OrderCancelled } from '@retaguarda/contracts';
import type { Tx } from '@retaguarda/database';
import type { HandlesAll } from '@retaguarda/messaging';
import type { ReservationStatus } from '../shelf/shelf.js';
import {
  changeLevels,
  changesOf,
  heldBy,
  lockPlaces,
  lockReservations,
  moveReservations,
  movesOf,
  openReservations,
  recordMovements,
} from '../shelf/shelf.js';

/** Frees what a cancelled order holds, or puts back what was taken for it. An order not seen yet is remembered. */
@Injectable()
export class ReleaseStock implements HandlesAll<OrderCancelled> {
  async handleAll(events: readonly OrderCancelled[], tx: Tx): Promise<[]> {
    const orderIds = events.map(({ orderId }) => orderId);
    await openReservations(tx, orderIds, 'released');
    const statuses = await lockReservations(tx, orderIds);
    const withStatus = (wanted: ReservationStatus) =>
      [...statuses].filter(([, status]) => status === wanted).map(([orderId]) => orderId);
    const [reserved, taken] = [withStatus('reserved'), withStatus('taken')];
    const [held, gone] = [await heldBy(tx, reserved), await heldBy(tx, taken)];
    await lockPlaces(
      tx,
      [...held, ...gone].map(({ sku }) => sku),
    );
    await changeLevels(tx, [
      ...changesOf(held, { onHand: 0, reserved: -1 }),
      ...changesOf(gone, { onHand: 1, reserved: 0 }),
    ]);
    await recordMovements(tx, 'return', movesOf(gone, 1));
    await moveReservations(tx, reserved, 'reserved', 'released');
    await moveReservations(tx, taken, 'taken', 'returned');
    return [];
  }
}
