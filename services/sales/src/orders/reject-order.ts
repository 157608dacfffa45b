import { Injectable } from '@nestjs/common';
import type { StockRejected } from '@retaguarda/contracts';
import { OrderRejected } from '@retaguarda/contracts';
import type { Tx } from '@retaguarda/database';
import type { HandlesAll } from '@retaguarda/messaging';
import { endOrders } from './orders.js';
import { reasonsFor } from './shortage.js';

/** An order that stock cannot fill is over, with what is missing as its reasons. */
@Injectable()
export class RejectOrder implements HandlesAll<StockRejected, OrderRejected> {
  async handleAll(events: readonly StockRejected[], tx: Tx) {
    const { ended, early } = await endOrders(tx, 'rejected', events, ({ missing }) => reasonsFor(missing));
    return [
      ...ended.map(({ order: { id, channel, externalId }, reasons }) =>
        OrderRejected.of({ orderId: id, channel, externalId, reasons }),
      ),
      ...early,
    ];
  }
}
