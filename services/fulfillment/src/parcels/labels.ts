import type { PackedLine, PackedParcel } from '@retaguarda/contracts';
import { OrderShipped } from '@retaguarda/contracts';
import type { Tx } from '@retaguarda/database';
import { v7 as uuid } from 'uuid';
import type { ListOfOrder } from '../pick-lists/pick-lists.js';
import type { Method } from '../pick-lists/pick-list.entity.js';

/** The simulated carrier, and the name under which the counter hands over pick-ups. */
export const OWN_CARRIER = 'own';
export const COUNTER = 'counter';

/** A parcel as it lies in the house, or as it left. */
export interface LyingParcel {
  readonly id: string;
  readonly orderId: string;
  readonly carrier: string | null;
  readonly trackingCode: string | null;
  readonly dispatchedAt: Date | null;
}

/** A parcel with what its label says. */
export interface Labelled {
  readonly id: string;
  readonly orderId: string;
  readonly carrier: string;
  readonly trackingCode: string;
}

/** The label of a parcel: who takes it, and a code made of the parcel's id unless the carrier gave one. */
export function label(
  { id, orderId }: Pick<LyingParcel, 'id' | 'orderId'>,
  method: Method,
  { carrier, trackingCode }: { readonly carrier?: string; readonly trackingCode?: string } = {},
): Labelled {
  return {
    id,
    orderId,
    carrier: carrier ?? (method === 'pickup' ? COUNTER : OWN_CARRIER),
    trackingCode: trackingCode ?? `RTG-${id}`,
  };
}

/** Makes parcels of orders. Contents without a line make no parcel: services are not packed. Returns them by order. */
export async function pack(
  tx: Tx,
  orders: readonly { readonly orderId: string; readonly contents: readonly (readonly PackedLine[])[] }[],
): Promise<Map<string, PackedParcel[]>> {
  const parcels = orders.flatMap(({ orderId, contents }) =>
    contents.filter((lines) => lines.length > 0).map((lines) => ({ id: uuid(), orderId, lines })),
  );
  const byOrder = new Map<string, PackedParcel[]>();
  for (const { id, orderId, lines } of parcels)
    byOrder.set(orderId, [...(byOrder.get(orderId) ?? []), { parcelId: id, lines: [...lines] }]);
  if (parcels.length > 0)
    await tx.query(
      `insert into parcels (id, order_id, lines)
       select id, "orderId", lines from jsonb_to_recordset($1::jsonb) as p(id uuid, "orderId" uuid, lines jsonb)`,
      [JSON.stringify(parcels)],
    );
  return byOrder;
}

export function parcelsOf(tx: Tx, orderIds: readonly string[]): Promise<LyingParcel[]> {
  if (orderIds.length === 0) return Promise.resolve([]);
  return tx.query<LyingParcel>(
    `select id, order_id as "orderId", carrier, tracking_code as "trackingCode", dispatched_at as "dispatchedAt"
       from parcels where order_id = any($1::uuid[]) order by id`,
    [orderIds],
  );
}

export async function dispatch(tx: Tx, parcels: readonly Labelled[]): Promise<void> {
  if (parcels.length === 0) return;
  await tx.query(
    `update parcels p set carrier = l.carrier, tracking_code = l."trackingCode", dispatched_at = $2::timestamptz
       from jsonb_to_recordset($1::jsonb) as l(id uuid, carrier text, "trackingCode" text) where p.id = l.id`,
    [JSON.stringify(parcels), tx.now],
  );
}

/** Sends off everything that is left of these orders. The caller holds their lists and moves them to `shipped`. */
export async function sendOff(tx: Tx, lists: readonly ListOfOrder[]): Promise<OrderShipped[]> {
  const methods = new Map(lists.map(({ orderId, method }) => [orderId, method]));
  const parcels = await parcelsOf(tx, [...methods.keys()]);
  const gone = parcels.filter(isLabelled);
  const leaving = parcels.filter(({ carrier }) => carrier === null).map((p) => label(p, methods.get(p.orderId)!));
  await dispatch(tx, leaving);
  const byOrder = new Map<string, Labelled[]>(lists.map(({ orderId }) => [orderId, []]));
  for (const parcel of [...gone, ...leaving]) byOrder.get(parcel.orderId)!.push(parcel);
  return lists.map(({ orderId, method }) => shipped(orderId, method, byOrder.get(orderId)!));
}

export function isLabelled<P extends LyingParcel | Labelled>(parcel: P): parcel is P & Labelled {
  return parcel.carrier !== null;
}

export function shipped(orderId: string, method: Method, parcels: readonly Labelled[]): OrderShipped {
  return OrderShipped.of({
    orderId,
    method,
    parcels: parcels.map(({ id, carrier, trackingCode }) => ({ parcelId: id, carrier, trackingCode })),
  });
}
