import { Injectable } from '@nestjs/common';
import type { CancellationRefused } from '@retaguarda/contracts';
import type { Tx } from '@retaguarda/database';
import type { HandlesAll, NotYet } from '@retaguarda/messaging';
import { firstOfEach, notYet } from '@retaguarda/messaging';
import { happenedAt, lock, record } from './orders.js';

/** The order goes on; whoever wanted it cancelled reads why on its page. */
@Injectable()
export class RecordRefusal implements HandlesAll<CancellationRefused> {
  async handleAll(events: readonly CancellationRefused[], tx: Tx): Promise<NotYet[]> {
    const orders = await lock(tx, events);
    const refusals = firstOfEach(events).filter(({ orderId }) => orders.has(orderId));
    await record(
      tx,
      'cancellation-refused',
      refusals.map((event) => ({ orderId: event.orderId, at: happenedAt(event, tx), reasons: [event.reason] })),
    );
    const unknown = events.filter(({ orderId }) => !orders.has(orderId));
    return unknown.map((event) => notYet('the order is not known yet', event));
  }
}
