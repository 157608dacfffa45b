import { Injectable } from '@nestjs/common';
import type { OrderPlaced } from '@retaguarda/contracts';
import { sheetOf, StockRejected, StockReserved } from '@retaguarda/contracts';
import type { Tx } from '@retaguarda/database';
import type { HandlesAll } from '@retaguarda/messaging';
import { firstOfEach } from '@retaguarda/messaging';
import { changeLevels, lockPlaces, moveReservations, openReservations } from '../shelf/shelf.js';
import type { Allocated } from './allocation.js';
import { allocate } from './allocation.js';

/** Holds all goods of an order, or rejects it with what is missing. Services need no stock. */
@Injectable()
export class ReserveStock implements HandlesAll<OrderPlaced, StockReserved | StockRejected> {
  async handleAll(events: readonly OrderPlaced[], tx: Tx) {
    const undecided = await openReservations(
      tx,
      events.map(({ orderId }) => orderId),
      'reserved',
    );
    const orders = firstOfEach(events).filter(({ orderId }) => undecided.has(orderId));
    const demands = orders.map(({ orderId, lines }) => ({
      orderId,
      lines: lines.filter(({ kind }) => kind === 'goods'),
    }));
    const places = await lockPlaces(
      tx,
      demands.flatMap(({ lines }) => lines.map(({ sku }) => sku)),
    );
    const { allocated, short } = allocate(demands, places);
    await hold(tx, allocated);
    await moveReservations(
      tx,
      short.map(({ orderId }) => orderId),
      'reserved',
      'rejected',
    );
    const sheets = new Map(orders.map((order) => [order.orderId, sheetOf(order)]));
    return [
      ...allocated.map(({ orderId, lines }) =>
        StockReserved.of({ orderId, lines: [...lines], order: sheets.get(orderId)! }),
      ),
      ...short.map(({ orderId, missing }) => StockRejected.of({ orderId, missing: [...missing] })),
    ];
  }
}

async function hold(tx: Tx, allocated: readonly Allocated[]): Promise<void> {
  const held = allocated.flatMap(({ orderId, lines }) => lines.map((line) => ({ orderId, ...line })));
  if (held.length === 0) return;
  await changeLevels(
    tx,
    held.map(({ sku, location, quantity }) => ({ sku, location, onHand: 0, reserved: quantity })),
  );
  await tx.query(
    `insert into reservation_lines (order_id, sku, location, quantity)
     select * from unnest($1::uuid[], $2::text[], $3::text[], $4::int[])`,
    [
      held.map(({ orderId }) => orderId),
      held.map(({ sku }) => sku),
      held.map(({ location }) => location),
      held.map(({ quantity }) => quantity),
    ],
  );
}
