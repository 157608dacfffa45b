import { ConflictException, Injectable, NotFoundException } from '@nestjs/common';
import { Code, Optional, Text } from '@retaguarda/contracts';
import type { OrderShipped } from '@retaguarda/contracts';
import type { Tx } from '@retaguarda/database';
import type { Handles } from '@retaguarda/messaging';
import type { ListOfOrder, LockedList } from '../pick-lists/pick-lists.js';
import { dispatch, lock, move, parcelsOf, stopped } from '../pick-lists/pick-lists.js';
import type { LyingParcel } from './labels.js';
import { isLabelled, label, shipped } from './labels.js';

/** Who takes the parcel; left out: the own carrier, or the counter for a pick-up, with a code of our own. */
export class DispatchBody {
  @Optional()
  @Text(100)
  carrier?: string;

  @Optional()
  @Code(100)
  trackingCode?: string;
}

export interface DispatchOfParcel extends DispatchBody {
  readonly parcelId: string;
}

/** A parcel leaves, or is handed over at the counter. With the last one the order is shipped. */
@Injectable()
export class DispatchParcel implements Handles<DispatchOfParcel, OrderShipped> {
  async handle(wanted: DispatchOfParcel, tx: Tx): Promise<OrderShipped[]> {
    const list = await lockListOf(tx, wanted.parcelId);
    const parcels = await parcelsOf(tx, [list.orderId]);
    const parcel = parcels.find(({ id }) => id === wanted.parcelId)!;
    if (isLabelled(parcel)) return alreadyLeft(parcel, wanted);
    refuseUnlessReady(list);
    const leaving = label(parcel, list.method, wanted);
    await dispatch(tx, [leaving]);
    const gone = parcels.map((other) => (other === parcel ? leaving : other)).filter(isLabelled);
    if (gone.length < parcels.length) return noteFirst(tx, list);
    await move(tx, [list], 'shipped');
    return [shipped(list.orderId, list.method, gone)];
  }
}

async function lockListOf(tx: Tx, parcelId: string): Promise<ListOfOrder> {
  const [parcel] = await tx.query<{ orderId: string }>('select order_id as "orderId" from parcels where id = $1', [
    parcelId,
  ]);
  if (!parcel) throw new NotFoundException('There is no such parcel.');
  const [list] = await lock(tx, [parcel.orderId]);
  return list as ListOfOrder;
}

function refuseUnlessReady({ status, stopReason }: LockedList): void {
  if (status === 'stopped') throw stopped(stopReason, 'dispatched');
  if (status !== 'ready') throw new ConflictException('The parcel waits for its invoice; it may not leave without.');
}

function alreadyLeft(parcel: LyingParcel, { carrier, trackingCode }: DispatchBody): [] {
  const isSame =
    (carrier ?? parcel.carrier) === parcel.carrier && (trackingCode ?? parcel.trackingCode) === parcel.trackingCode;
  if (isSame) return [];
  throw new ConflictException(`The parcel already left with ${parcel.carrier} as ${parcel.trackingCode}.`);
}

/** From now on the order cannot be stopped. */
async function noteFirst(tx: Tx, { id }: LockedList): Promise<[]> {
  await tx.query('update pick_lists set left_at = coalesce(left_at, $2), changed_at = $2 where id = $1', [id, tx.now]);
  return [];
}
