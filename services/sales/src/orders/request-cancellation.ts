import { Injectable } from '@nestjs/common';
import type { OrderCancellationRequested } from '@retaguarda/contracts';
import { CancellationRequested } from '@retaguarda/contracts';
import type { Tx } from '@retaguarda/database';
import type { HandlesAll } from '@retaguarda/messaging';
import { firstOfEach, notYet } from '@retaguarda/messaging';
import type { LockedOrder } from './orders.js';
import { lockByNumber, numberOf, record } from './orders.js';

/** Passes the wish to cancel on, once. Whether it can still be done is for fulfillment to say. */
@Injectable()
export class RequestCancellation implements HandlesAll<OrderCancellationRequested, CancellationRequested> {
  async handleAll(events: readonly OrderCancellationRequested[], tx: Tx) {
    const orders = await lockByNumber(tx, events);
    const requested = firstOfEach(events, numberOf).flatMap(({ reason, ...number }) => {
      const order = orders.get(numberOf(number));
      return order && canBeRequested(order) ? [{ order, reason }] : [];
    });
    await record(
      tx,
      'cancellation-requested',
      requested.map(({ order, reason }) => ({ orderId: order.id, at: tx.now, reasons: [reason] })),
    );
    const unknown = events.filter((event) => !orders.has(numberOf(event)));
    return [
      ...requested.map(({ order: { id, channel, externalId }, reason }) =>
        CancellationRequested.of({ orderId: id, channel, externalId, reason }),
      ),
      ...unknown.map((event) => notYet('the order is not known yet', event)),
    ];
  }
}

/**
 * A completed order is passed on too: fulfillment refuses, and whoever asked by queue reads why on the order's page
 * instead of hearing nothing. An order that was rejected or cancelled is what the wish wants it to be.
 */
function canBeRequested(order: LockedOrder): boolean {
  return !order['cancellation-requested'] && !order.cancelled && !order.rejected;
}
