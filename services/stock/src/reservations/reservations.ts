import type { Tx } from '@retaguarda/database';
import type { LevelChange, Move } from '../shelf/shelf.js';
import type { ReservationStatus } from './reservation.entity.js';
import { reservationSteps } from './reservation.entity.js';

/** Decides on orders that nobody decided on before; returns those. The primary key refuses every other. */
export async function open(tx: Tx, orderIds: readonly string[], status: ReservationStatus): Promise<Set<string>> {
  const rows = await tx.query<{ order_id: string }>(
    `insert into reservations (order_id, status, decided_at, changed_at)
     select id, $2, $3::timestamptz, $3::timestamptz from unnest($1::uuid[]) as o(id) order by id
     on conflict do nothing returning order_id`,
    [[...new Set(orderIds)], status, tx.now],
  );
  return new Set(rows.map((row) => row.order_id));
}

export async function lock(tx: Tx, orderIds: readonly string[]): Promise<Map<string, ReservationStatus>> {
  const rows = await tx.query<{ order_id: string; status: ReservationStatus }>(
    'select order_id, status from reservations where order_id = any($1::uuid[]) order by order_id for update',
    [orderIds],
  );
  return new Map(rows.map((row) => [row.order_id, row.status]));
}

/** Moves locked reservations on. Throws when the table of steps does not allow it. */
export async function move(
  tx: Tx,
  orderIds: readonly string[],
  from: ReservationStatus,
  to: ReservationStatus,
): Promise<void> {
  if (orderIds.length === 0) return;
  if (!reservationSteps[from].includes(to)) throw new Error(`A reservation cannot go from ${from} to ${to}.`);
  await tx.query(
    `update reservations set status = $2, changed_at = $3 where order_id = any($1::uuid[]) and status = $4`,
    [orderIds, to, tx.now, from],
  );
}

export interface HeldLine {
  readonly orderId: string;
  readonly sku: string;
  readonly location: string;
  readonly quantity: number;
}

export function linesOf(tx: Tx, orderIds: readonly string[]): Promise<HeldLine[]> {
  if (orderIds.length === 0) return Promise.resolve([]);
  return tx.query<HeldLine>(
    `select order_id as "orderId", sku, location, quantity from reservation_lines where order_id = any($1::uuid[])`,
    [orderIds],
  );
}

/** What the lines do to the levels: `onHand` and `reserved` are -1, 0 or 1 times their quantity. */
export function changesOf(lines: readonly HeldLine[], signs: { onHand: number; reserved: number }): LevelChange[] {
  return lines.map(({ sku, location, quantity }) => ({
    sku,
    location,
    onHand: signs.onHand * quantity,
    reserved: signs.reserved * quantity,
  }));
}

/** The ledger lines for goods that leave (-1) or come back (1). */
export function movesOf(lines: readonly HeldLine[], sign: 1 | -1): Move[] {
  return lines.map(({ orderId, sku, location, quantity }) => ({
    sku,
    location,
    quantity: sign * quantity,
    reference: orderId,
  }));
}
