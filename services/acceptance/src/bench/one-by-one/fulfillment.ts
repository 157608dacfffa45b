import type { InvoiceIssued, StockReserved } from '@retaguarda/contracts';
import { Parcel } from '@retaguarda/fulfillment/parcels/parcel.entity';
import { PickList } from '@retaguarda/fulfillment/pick-lists/pick-list.entity';
import { PickListLine } from '@retaguarda/fulfillment/pick-lists/pick-list-line.entity';
import type { EntityManager } from 'typeorm';
import { v7 as uuid } from 'uuid';
import { packedFrom } from '../line/decisions.js';
import type { Following } from './following.js';

/** Packed at once, as Retaguarda does in `auto`. */
export async function openPickList(manager: EntityManager, event: StockReserved): Promise<Following> {
  const { orderId, order } = event;
  const { channel, externalId } = order;
  const now = new Date();
  const { lines, goods } = packedFrom(event);
  const times = { openedAt: now, changedAt: now, packedAt: now };
  const list = { id: uuid(), orderId, channel, externalId, sheet: order, ...times };
  await manager.insert(PickList, { ...list, status: 'packed', method: 'ship' });
  await manager.insert(
    PickListLine,
    lines.map((line) => ({ pickListId: list.id, ...line })),
  );
  const parcel = { id: uuid(), orderId, lines: goods };
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
