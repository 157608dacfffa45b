import type { OrderSubmitted } from '@retaguarda/contracts';
import { Order } from '@retaguarda/sales/orders/order.entity';
import type { EntityManager } from 'typeorm';
import { v7 as uuid } from 'uuid';
import { sheetFrom } from '../line/decisions.js';
import type { Following } from './following.js';

export async function placeOrder(manager: EntityManager, submitted: OrderSubmitted): Promise<Following> {
  const sheet = sheetFrom(submitted);
  const { channel, externalId, total, currency } = sheet;
  const order = {
    id: uuid(),
    channel,
    externalId,
    sheet,
    total: String(total),
    currency,
    reasons: {},
    placedAt: new Date(),
  };
  await manager.insert(Order, order);
  return { key: 'sales.order-placed.v1', data: { orderId: order.id, ...sheet } };
}

export type Fact = 'reservedAt' | 'packedAt' | 'invoicedAt' | 'shippedAt' | 'paidAt';

/** The order is completed by whoever tells the last of `shipped` and `paid`; the lock lets one of them see both. */
export async function recordProgress(manager: EntityManager, orderId: string, fact: Fact): Promise<Following[]> {
  const order = await manager.findOneOrFail(Order, {
    select: {
      id: true,
      channel: true,
      externalId: true,
      total: true,
      currency: true,
      shippedAt: true,
      paidAt: true,
      completedAt: true,
    },
    where: { id: orderId },
    lock: { mode: 'pessimistic_write' },
  });
  const now = new Date();
  order[fact] = now;
  const isCompleted = !order.completedAt && order.shippedAt && order.paidAt;
  await manager.update(Order, orderId, { [fact]: now, ...(isCompleted && { completedAt: now }) });
  if (!isCompleted) return [];
  const { channel, externalId, total, currency } = order;
  const data = { orderId, channel, externalId, total: Number(total), currency, completedAt: now };
  return [{ key: 'sales.order-completed.v1', data }];
}
