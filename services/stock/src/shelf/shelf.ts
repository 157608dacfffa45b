/** The shelf: what orders hold of it (reservations), what lies at each place (levels), and the ledger of movements. */
import type { Tx } from '@retaguarda/database';
import type { MovementKind } from './movement.entity.js';

/**
 * What stock decided about an order, once and for ever: the order id is the key. A cancellation that comes before the
 * order leaves `released` behind, so that the order finds itself cancelled.
 */
export type ReservationStatus = 'reserved' | 'rejected' | 'taken' | 'released' | 'returned';

/** What may follow what. */
const reservationSteps: Readonly<Record<ReservationStatus, readonly ReservationStatus[]>> = {
  reserved: ['taken', 'released', 'rejected'],
  taken: ['returned'],
  rejected: [],
  released: [],
  returned: [],
};

/** Decides on orders that nobody decided on before; returns those. The primary key refuses every other. */
export async function openReservations(
  tx: Tx,
  orderIds: readonly string[],
  status: ReservationStatus,
): Promise<Set<string>> {
  const rows = await tx.query<{ order_id: string }>(
    `insert into reservations (order_id, status, decided_at, changed_at)
     select id, $2, $3::timestamptz, $3::timestamptz from unnest($1::uuid[]) as o(id) order by id
     on conflict do nothing returning order_id`,
    [[...new Set(orderIds)], status, tx.now],
  );
  return new Set(rows.map((row) => row.order_id));
}

/** Locks by ascending order id. An order that nobody decided on is not among them. */
export async function lockReservations(tx: Tx, orderIds: readonly string[]): Promise<Map<string, ReservationStatus>> {
  const rows = await tx.query<{ order_id: string; status: ReservationStatus }>(
    'select order_id, status from reservations where order_id = any($1::uuid[]) order by order_id for update',
    [orderIds],
  );
  return new Map(rows.map((row) => [row.order_id, row.status]));
}

/** Moves locked reservations on. Throws when the table of steps does not allow it. */
export async function moveReservations(
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

export function heldBy(tx: Tx, orderIds: readonly string[]): Promise<HeldLine[]> {
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

/** A place on the shelf and what is free there. */
export interface Place {
  readonly sku: string;
  readonly location: string;
  readonly available: number;
}

/** What is to change at one place; the same place may occur several times. */
export interface LevelChange {
  readonly sku: string;
  readonly location: string;
  readonly onHand: number;
  readonly reserved: number;
}

/**
 * Locks all places of these items. Every row of the process takes its locks in this order (reservations by order,
 * then levels by SKU and location), so no two can wait for each other.
 */
export function lockPlaces(tx: Tx, skus: readonly string[]): Promise<Place[]> {
  return tx.query<Place>(
    `select sku, location, on_hand - reserved as available from levels
      where sku = any($1::text[]) order by sku, location for update`,
    [[...new Set(skus)]],
  );
}

/** Applies changes to locked places, one statement for all. The table refuses `reserved` outside 0..on hand. */
export async function changeLevels(tx: Tx, changes: readonly LevelChange[]): Promise<void> {
  if (changes.length === 0) return;
  await tx.query(
    `update levels l set on_hand = l.on_hand + c.on_hand, reserved = l.reserved + c.reserved
       from (select sku, location, sum(on_hand)::int as on_hand, sum(reserved)::int as reserved
               from unnest($1::text[], $2::text[], $3::int[], $4::int[]) as c(sku, location, on_hand, reserved)
              group by sku, location) c
      where l.sku = c.sku and l.location = c.location`,
    [
      changes.map(({ sku }) => sku),
      changes.map(({ location }) => location),
      changes.map(({ onHand }) => onHand),
      changes.map(({ reserved }) => reserved),
    ],
  );
}

/** One line of the ledger. */
export interface Move {
  readonly sku: string;
  readonly location: string;
  readonly quantity: number;
  readonly reference: string;
}

export async function recordMovements(tx: Tx, kind: MovementKind, moves: readonly Move[]): Promise<void> {
  if (moves.length === 0) return;
  await tx.query(
    `insert into movements (sku, location, kind, quantity, reference, moved_at)
     select sku, location, $5, quantity, reference, $6::timestamptz
       from unnest($1::text[], $2::text[], $3::int[], $4::text[]) as m(sku, location, quantity, reference)`,
    [
      moves.map(({ sku }) => sku),
      moves.map(({ location }) => location),
      moves.map(({ quantity }) => quantity),
      moves.map(({ reference }) => reference),
      kind,
      tx.now,
    ],
  );
}
