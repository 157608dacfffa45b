import type { Tx } from '@retaguarda/database';
import type { MovementKind } from './movement.entity.js';

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
