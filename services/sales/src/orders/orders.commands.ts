import { ConflictException, Injectable } from '@nestjs/common';
import type { OrderSubmitted } from '@retaguarda/contracts';
import { OrderCancellationRequested } from '@retaguarda/contracts';
import { Desk, envelopeOf } from '@retaguarda/messaging';
import { IdempotencyKey } from '../idempotency/idempotency-key.entity.js';
import { KeyedOrder } from '../idempotency/keyed-order.js';
import { DataSource } from 'typeorm';
import type { FactTimes, KnownOrder } from './orders.js';
import { OrdersQueries } from './orders.queries.js';
import { PlaceOrder } from './place-order.js';
import { RequestCancellation } from './request-cancellation.js';
import type { OrderStatus } from './status.js';
import { statusOf } from './status.js';

export interface OrderAnswer {
  readonly orderId: string;
  readonly status: OrderStatus;
}

/** What the HTTP door asks of the process, and its answers. */
@Injectable()
export class OrdersCommands {
  constructor(
    private readonly desk: Desk,
    private readonly queries: OrdersQueries,
    private readonly source: DataSource,
  ) {}

  /** With a key, the answer is the one that the key was given first; without, it tells the order as it is now. */
  async submit(order: OrderSubmitted, key?: string): Promise<OrderAnswer & { readonly isReplayed: boolean }> {
    if (key !== undefined) return this.submitOnce(KeyedOrder.with(key, order));
    await this.desk.perform(PlaceOrder, order);
    return { ...answerOf(await this.queries.numbered(order)), isReplayed: false };
  }

  /** Throws 404 for an order that is not there and 409 for one that can no longer be cancelled. */
  async cancel(orderId: string, reason: string): Promise<OrderAnswer> {
    const { channel, externalId, ...known } = await this.queries.known(orderId);
    refuseEnded(known);
    const wish = OrderCancellationRequested.of({ channel, externalId, reason });
    const followed = await this.desk.perform(RequestCancellation, wish);
    const order = await this.queries.known(orderId);
    if (followed.length === 0) refuseTooLate(order);
    return answerOf(order);
  }

  private async submitOnce(order: KeyedOrder): Promise<OrderAnswer & { readonly isReplayed: boolean }> {
    await this.desk.perform(PlaceOrder, order);
    const kept = await this.source.manager.findOneByOrFail(IdempotencyKey, { key: order.idempotencyKey });
    const { orderId, status, requestId } = kept;
    return { orderId, status, isReplayed: requestId !== envelopeOf(order).id };
  }
}

function answerOf(order: KnownOrder): OrderAnswer {
  return { orderId: order.id, status: statusOf(order) };
}

/** Who asks here waits for the answer, so that nobody else needs to be asked for it. */
function refuseEnded(times: FactTimes): void {
  if (times.completed || times.rejected)
    throw new ConflictException(`The order is ${statusOf(times)}; there is nothing left to cancel.`);
}

/** The wish was not passed on: it was before, or there is nothing left to cancel. */
function refuseTooLate(order: KnownOrder): void {
  if (order.cancelled) return;
  refuseEnded(order);
  if (order['cancellation-refused'])
    throw new ConflictException('Cancelling the order was refused before; the order page says why.');
}
