import { Injectable } from '@nestjs/common';
import type { OrderPacked } from '@retaguarda/contracts';
import type { Tx } from '@retaguarda/database';
import type { HandlesAll, NotYet } from '@retaguarda/messaging';
import { notYet, Unprocessable } from '@retaguarda/messaging';
import {
  changesOf,
  heldBy,
  lockReservations,
  movesOf,
  moveReservations,
  changeLevels,
  lockPlaces,
  recordMovements,
} from '../shelf/shelf.js';

/** The goods of a packed order leave the shelf. If it was cancelled meanwhile they are going back: nothing changes. */
@Injectable()
export class TakeFromShelf implements HandlesAll<OrderPacked> {
  async handleAll(events: readonly OrderPacked[], tx: Tx): Promise<NotYet[]> {
    const statuses = await lockReservations(
      tx,
      events.map(({ orderId }) => orderId),
    );
    const rejected = events.find(({ orderId }) => statuses.get(orderId) === 'rejected');
    if (rejected) throw new Unprocessable(`Order ${rejected.orderId} was packed although its stock was rejected.`);
    const reserved = [...statuses].filter(([, status]) => status === 'reserved').map(([orderId]) => orderId);
    const lines = await heldBy(tx, reserved);
    await lockPlaces(
      tx,
      lines.map(({ sku }) => sku),
    );
    await changeLevels(tx, changesOf(lines, { onHand: -1, reserved: -1 }));
    await recordMovements(tx, 'sale', movesOf(lines, -1));
    await moveReservations(tx, reserved, 'reserved', 'taken');
    return events
      .filter(({ orderId }) => !statuses.has(orderId))
      .map((event) => notYet('nothing is reserved for the order yet', event));
  }
}
