import { Injectable } from '@nestjs/common';
import type { OrderStopped } from '@retaguarda/contracts';
import { OrderCancelled } from '@retaguarda/contracts';
import type { Tx } from '@retaguarda/database';
import type { HandlesAll } from '@retaguarda/messaging';
import { endOrders } from './orders.js';

/** Fulfillment stopped the order: it is cancelled, and the departments undo what they did for it. */
@Injectable()
export class CancelOrder implements HandlesAll<OrderStopped, OrderCancelled> {
  async handleAll(events: readonly OrderStopped[], tx: Tx) {
    const { ended, early } = await endOrders(tx, 'cancelled', events, ({ reason }) => [reason]);
    return [
      ...ended.map(({ order: { id, channel, externalId }, event: { wasPacked }, reasons }) =>
        OrderCancelled.of({ orderId: id, channel, externalId, reasons, wasPacked }),
      ),
      ...early,
    ];
  }
}
