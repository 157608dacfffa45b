import { sheetOf } from '@retaguarda/contracts';
import type { OrderPlaced } from '@retaguarda/contracts';
import type { PoolClient } from 'pg';
import { announcements } from '../line/decisions.js';
import type { Following, Taken } from './batches.js';

/** Levels are locked by SKU, as both steps do: they cannot wait for each other. The table refuses what is not there. */
export async function reserveStock(tx: PoolClient, batch: readonly Taken[]): Promise<Following> {
  const orders = batch.map(({ data }) => data as OrderPlaced);
  const lines = orders.flatMap(({ orderId, lines: ordered }) => ordered.map((line) => ({ orderId, ...line })));
  const skus = lines.map(({ sku }) => sku);
  await tx.query('select from levels where sku = any($1::text[]) order by sku, location for update', [
    [...new Set(skus)],
  ]);
  await tx.query(
    `with lines as (select * from unnest($1::uuid[], $2::text[], $3::int[]) as l(order_id, sku, quantity)),
            held as (update levels l set reserved = l.reserved + d.quantity
                       from (select sku, sum(quantity)::int as quantity from lines group by sku) d
                      where l.sku = d.sku and l.location = 'main'),
            decided as (insert into reservations (order_id, status, decided_at, changed_at)
                        select id, 'reserved', now(), now() from unnest($4::uuid[]) as o(id))
       insert into reservation_lines (order_id, sku, location, quantity)
       select order_id, sku, 'main', quantity from lines`,
    [
      ...[lines.map(({ orderId }) => orderId), skus, lines.map(({ quantity }) => quantity)],
      orders.map(({ orderId }) => orderId),
    ],
  );
  return orders.map((order) => {
    const held = order.lines.map(({ sku, quantity }) => ({ sku, location: 'main', quantity }));
    return { key: 'stock.stock-reserved.v1', data: { orderId: order.orderId, lines: held, order: sheetOf(order) } };
  });
}

export async function takeFromShelf(tx: PoolClient, batch: readonly Taken[]): Promise<Following> {
  const orders = [batch.map(({ data }) => data.orderId as string)];
  await tx.query(
    `select from levels where sku in (select sku from reservation_lines where order_id = any($1::uuid[]))
        order by sku, location for update`,
    orders,
  );
  await tx.query(
    `with lines as (select * from reservation_lines where order_id = any($1::uuid[])),
            taken as (update levels l set on_hand = l.on_hand - d.quantity, reserved = l.reserved - d.quantity
                        from (select sku, location, sum(quantity)::int as quantity from lines group by sku, location) d
                       where l.sku = d.sku and l.location = d.location),
            moved as (insert into movements (sku, location, kind, quantity, reference, moved_at)
                      select sku, location, 'sale', -quantity, order_id, now() from lines)
       update reservations set status = 'taken', changed_at = now() where order_id = any($1::uuid[])`,
    orders,
  );
  return [];
}

export function announceAvailability(tx: PoolClient): Promise<Following> {
  return announcements(async (sql, values) => (await tx.query<object>(sql, values)).rows);
}
