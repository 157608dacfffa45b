import type { InvoiceIssued, StockReserved } from '@retaguarda/contracts';
import type { EntityManager } from 'typeorm';
import { v7 as uuid } from 'uuid';
import { goodsOf, walkOf } from '../line/decisions.js';
import type { Following } from './following.js';
import { Parcel, PickList, PickListLine } from './fulfillment.entities.js';

/** Packed at once, as Retaguarda does in `auto`. */
export async function openPickList(manager: EntityManager, event: StockReserved): Promise<Following> {
  const { orderId, order } = event;
  const { channel, externalId } = order;
  const now = new Date();
  const times = { openedAt: now, changedAt: now, packedAt: now };
  const list = { id: uuid(), orderId, channel, externalId, status: 'packed', method: 'ship', sheet: order, ...times };
  await manager.insert(PickList, list);
  await manager.insert(
    PickListLine,
    walkOf(event).map((stop) => ({ pickListId: list.id, ...stop })),
  );
  const parcel = { id: uuid(), orderId, lines: goodsOf(order) };
  await manager.insert(Parcel, parcel);
  const parcels = [{ parcelId: parcel.id, lines: parcel.lines }];
  return { key: 'fulfillment.order-packed.v1', data: { orderId, parcels, order } };
}

export async function releaseForDispatch(manager: EntityManager, event: InvoiceIssued): Promise<Following> {
  const { orderId, invoiceId, series, number } = event;
  const now = new Date();
  const invoice = { invoiceId, series, number };
  await manager.update(PickList, { orderId }, { status: 'shipped', invoice, changedAt: now, leftAt: now });
  const { id } = await manager.findOneByOrFail(Parcel, { orderId });
  const label = { carrier: 'own', trackingCode: `RTG-${id}` };
  await manager.update(Parcel, id, { ...label, dispatchedAt: now });
  const parcels = [{ parcelId: id, ...label }];
  return { key: 'fulfillment.order-shipped.v1', data: { orderId, method: 'ship', parcels } };
}
