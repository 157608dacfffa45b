import { ConflictException, NotFoundException } from '@nestjs/common';
import type { OrderSheet } from '@retaguarda/contracts';
import type { Tx } from '@retaguarda/database';
import type { Method, PickListStatus } from './pick-list.entity.js';
import { pickListSteps } from './pick-list.entity.js';
import type { PickedLine, ReportedShortage } from './picking.js';

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

/** The first event of each order: a batch may bring the same facts in several messages. */
export function firstOfEachOrder<E extends { readonly orderId: string }>(events: readonly E[]): E[] {
  const orders = new Set<string>();
  return events.filter(({ orderId }) => !orders.has(orderId) && orders.add(orderId));
}
