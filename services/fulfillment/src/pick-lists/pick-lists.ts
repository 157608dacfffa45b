/** An order in the house: its pick list, and the parcels in which it leaves. */
import { ConflictException, NotFoundException } from '@nestjs/common';
import type { OrderSheet, OrderShipped, PackedLine, PackedParcel } from '@retaguarda/contracts';
import type { Tx } from '@retaguarda/database';
import type { Labelled, LyingParcel } from '../parcels/labels.js';
import { isLabelled, label, shipped } from '../parcels/labels.js';
import type { PickedLine, ReportedShortage } from './picking.js';

export const pickListStatuses = ['open', 'picking', 'packed', 'ready', 'shipped', 'stopped'] as const;

/**
 * Where an order is in the house. `ready`: packed and its invoice is there, so it may leave. A cancellation that comes
 * before the order leaves a `stopped` list behind, so that the order finds itself stopped.
 */
export type PickListStatus = (typeof pickListStatuses)[number];

/** What may follow what. Services have nothing to dispatch: they go from `packed` to `shipped` with their invoice. */
const pickListSteps: Readonly<Record<PickListStatus, readonly PickListStatus[]>> = {
  open: ['picking', 'packed', 'stopped'],
  picking: ['packed', 'stopped'],
  packed: ['ready', 'shipped', 'stopped'],
  ready: ['shipped', 'stopped'],
  shipped: [],
  stopped: [],
};

/** How the order reaches the customer; `none` for an order of services only. */
export type Method = 'ship' | 'pickup' | 'none';

/** A pick list under lock. Whoever changes anything of an order (list, lines, parcels) locks its list first. */
export interface LockedList {
  readonly id: string;
  readonly orderId: string;
  readonly status: PickListStatus;
  /** Null only for an order that was stopped before it came. */
  readonly method: Method | null;
  readonly stopReason: string | null;
  readonly leftAt: Date | null;
  readonly refusedAt: Date | null;
}

/** A list that is not a stopped one: it has its order sheet and a way to the customer. */
export interface ListOfOrder extends LockedList {
  readonly method: Method;
}

export const LOCKED_COLUMNS = `id, order_id as "orderId", status, method, stop_reason as "stopReason",
  left_at as "leftAt", refused_at as "refusedAt"`;

/** Locks by order id ascending, as every row of the process does, so no two can wait for each other. */
export function lock(tx: Tx, orderIds: readonly string[]): Promise<LockedList[]> {
  return tx.query<LockedList>(
    `select ${LOCKED_COLUMNS} from pick_lists where order_id = any($1::uuid[]) order by order_id for update`,
    [orderIds],
  );
}

/** @throws NotFoundException */
export async function lockList(tx: Tx, id: string): Promise<LockedList> {
  const [list] = await tx.query<LockedList>(`select ${LOCKED_COLUMNS} from pick_lists where id = $1 for update`, [id]);
  if (!list) throw new NotFoundException('There is no such pick list.');
  return list;
}

export function linesOf(tx: Tx, pickListId: string): Promise<PickedLine[]> {
  return tx.query<PickedLine>(
    'select position, sku, kind, quantity, picked from pick_list_lines where pick_list_id = $1 order by position',
    [pickListId],
  );
}

export function shortagesOf(tx: Tx, pickListId: string): Promise<ReportedShortage[]> {
  return tx.query<ReportedShortage>(
    'select sku, reason, quantity from shortages where pick_list_id = $1 order by sku, reason',
    [pickListId],
  );
}

export async function sheetsOf(tx: Tx, ids: readonly string[]): Promise<Map<string, OrderSheet>> {
  const rows = await tx.query<{ id: string; sheet: OrderSheet }>(
    'select id, sheet from pick_lists where id = any($1::uuid[])',
    [ids],
  );
  return new Map(rows.map(({ id, sheet }) => [id, sheet]));
}

/** Throws when the table of steps does not allow it. */
export function checkStep(from: PickListStatus, to: PickListStatus): void {
  if (!pickListSteps[from].includes(to)) throw new Error(`A pick list cannot go from ${from} to ${to}.`);
}

/** Moves locked lists on. */
export async function move(tx: Tx, lists: readonly LockedList[], to: PickListStatus): Promise<void> {
  if (lists.length === 0) return;
  for (const { status } of lists) checkStep(status, to);
  await tx.query(
    `update pick_lists set status = $2, changed_at = $3::timestamptz,
            packed_at = case when $2 = 'packed' then $3::timestamptz else packed_at end,
            left_at = case when $2 = 'shipped' then coalesce(left_at, $3::timestamptz) else left_at end
      where id = any($1::uuid[])`,
    [lists.map(({ id }) => id), to, tx.now],
  );
}

/** @throws ConflictException unless somebody may still pick for this list */
export function refuseUnlessPicking({ status, stopReason }: LockedList, what: string): void {
  if (status === 'open' || status === 'picking') return;
  if (status === 'stopped') throw stopped(stopReason, what);
  throw new ConflictException(`The order is ${status}; nothing more can be ${what}.`);
}

export function stopped(stopReason: string | null, what: string): ConflictException {
  return new ConflictException(`The order was stopped (${stopReason ?? 'cancelled'}); nothing of it can be ${what}.`);
}

/** Makes parcels of orders. Contents without a line make no parcel: services are not packed. Returns them by order. */
export async function pack(
  tx: Tx,
  orders: readonly { readonly orderId: string; readonly contents: readonly (readonly PackedLine[])[] }[],
): Promise<Map<string, PackedParcel[]>> {
  const parcels = orders.flatMap(({ orderId, contents }) =>
    contents.filter((lines) => lines.length > 0).map((lines) => ({ id: tx.idFrom('parcel', orderId), orderId, lines })),
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
    `update parcels p set carrier = l.carrier, tracking_code = l.tracking_code, dispatched_at = $4::timestamptz
       from unnest($1::uuid[], $2::text[], $3::text[]) as l(id, carrier, tracking_code) where p.id = l.id`,
    [
      parcels.map(({ id }) => id),
      parcels.map(({ carrier }) => carrier),
      parcels.map(({ trackingCode }) => trackingCode),
      tx.now,
    ],
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
