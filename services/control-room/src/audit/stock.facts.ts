import { among, goodsIn, ms, parametersOf } from './columns.js';
import type { Snapshot } from './snapshot.js';

/** What stock decided about one order. */
export interface StockFacts {
  readonly orderId: string;
  readonly status: 'reserved' | 'rejected' | 'taken' | 'released' | 'returned';
  readonly decidedAt: number;
  readonly changedAt: number;
  /** The goods of its reservation lines (columns.ts). */
  readonly goods: string;
}

/** Reservations by ascending order id; with `only`, those. */
export function stockFacts(stock: Snapshot, only?: readonly string[]): AsyncGenerator<StockFacts[]> {
  return stock.pages(
    `select order_id as "orderId", status, ${ms('decided_at', 'decidedAt')}, ${ms('changed_at', 'changedAt')},
            (select ${goodsIn('l.sku', 'l.quantity')} from reservation_lines l where l.order_id = r.order_id) as goods
       from reservations r ${among('order_id', only)} order by order_id`,
    parametersOf(only),
  );
}

/** One item at one location: its level, and what the movements and the reservations say that it should be. */
export interface PlaceFacts {
  readonly sku: string;
  readonly location: string;
  readonly onHand: number;
  readonly reserved: number;
  /** Σ movements. */
  readonly moved: number;
  /** What sales and returns took away, net. */
  readonly sold: number;
  /** Σ lines of reservations that hold goods on the shelf. */
  readonly held: number;
  /** Σ lines of reservations whose goods left it. */
  readonly taken: number;
}

/** Every place that a level, a movement or a reservation names; as many as the catalogue has. */
export function placeFacts(stock: Snapshot): AsyncGenerator<PlaceFacts[]> {
  return stock.pages(
    `with moves as (
       select sku, location, sum(quantity)::float8 as moved,
              coalesce(-sum(quantity) filter (where kind in ('sale', 'return')), 0)::float8 as sold
         from movements group by sku, location),
     lines as (
       select sku, location, coalesce(sum(quantity) filter (where status = 'reserved'), 0)::float8 as held,
              coalesce(sum(quantity) filter (where status = 'taken'), 0)::float8 as taken
         from reservation_lines join reservations using (order_id) group by sku, location)
     select sku, location, coalesce(on_hand, 0)::float8 as "onHand", coalesce(reserved, 0)::float8 as reserved,
            coalesce(moved, 0) as moved, coalesce(sold, 0) as sold, coalesce(held, 0) as held, coalesce(taken, 0) as taken
       from levels full join moves using (sku, location) full join lines using (sku, location)`,
  );
}
