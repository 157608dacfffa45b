import { Injectable } from '@nestjs/common';
import type { OrderCancelled } from '@retaguarda/contracts';
import type { Tx } from '@retaguarda/database';
import type { HandlesAll } from '@retaguarda/messaging';
import type { ReservationStatus } from './reservation.entity.js';
import { changeLevels, lockPlaces, recordMovements } from '../shelf/shelf.js';
import { changesOf, linesOf, lock, move, movesOf, open } from './reservations.js';

/** Frees what a cancelled order holds, or puts back what was taken for it. An order not seen yet is remembered. */
@Injectable()
export class ReleaseStock implements HandlesAll<OrderCancelled> {
  async handleAll(events: readonly OrderCancelled[], tx: Tx): Promise<[]> {
    const orderIds = events.map(({ orderId }) => orderId);
    await open(tx, orderIds, 'released');
    const statuses = await lock(tx, orderIds);
    const withStatus = (wanted: ReservationStatus) =>
      [...statuses].filter(([, status]) => status === wanted).map(([orderId]) => orderId);
    const [reserved, taken] = [withStatus('reserved'), withStatus('taken')];
    const [held, gone] = [await linesOf(tx, reserved), await linesOf(tx, taken)];
    await lockPlaces(
      tx,
      [...held, ...gone].map(({ sku }) => sku),
    );
    await changeLevels(tx, [
      ...changesOf(held, { onHand: 0, reserved: -1 }),
      ...changesOf(gone, { onHand: 1, reserved: 0 }),
    ]);
    await recordMovements(tx, 'return', movesOf(gone, 1));
    await move(tx, reserved, 'reserved', 'released');
    await move(tx, taken, 'taken', 'returned');
    return [];
  }
}
