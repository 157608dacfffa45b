import type { OrderSubmitted } from '@retaguarda/contracts';
import type { PoolClient } from 'pg';
import { v7 as uuid } from 'uuid';
import { sheetFrom } from '../line/decisions.js';
import type { Following, Taken } from './batches.js';

export async function placeOrders(tx: PoolClient, batch: readonly Taken[]): Promise<Following> {
  const orders = batch.map(({ data }) => ({ orderId: uuid(), sheet: sheetFrom(data as OrderSubmitted) }));
  await tx.query(
    `insert into orders (id, channel, external_id, sheet, total, currency, reasons, placed_at)
     select id, $2, external_id, sheet, total, currency, '{}', now()
       from unnest($1::uuid[], $3::text[], $4::jsonb[], $5::bigint[], $6::text[])
         as o(id, external_id, sheet, total, currency)`,
    [
      orders.map(({ orderId }) => orderId),
      orders[0]!.sheet.channel,
      orders.map(({ sheet }) => sheet.externalId),
      orders.map(({ sheet }) => JSON.stringify(sheet)),
      orders.map(({ sheet }) => sheet.total),
      orders.map(({ sheet }) => sheet.currency),
    ],
  );
  return orders.map(({ orderId, sheet }) => ({ key: 'sales.order-placed.v1', data: { orderId, ...sheet } }));
}

const facts = {
  'stock.stock-reserved.v1': 'reserved',
  'fulfillment.order-packed.v1': 'packed',
  'invoicing.invoice-issued.v1': 'invoiced',
  'fulfillment.order-shipped.v1': 'shipped',
  'billing.payment-received.v1': 'paid',
} as const;
type Fact = (typeof facts)[keyof typeof facts];

interface Completed {
  readonly orderId: string;
  readonly isCompleted: boolean;
}

/** All that the batch tells about an order goes into one update of its row. */
export async function recordProgress(tx: PoolClient, batch: readonly Taken[]): Promise<Following> {
  const told = new Map<string, Set<Fact>>();
  for (const { key, data } of batch) {
    const known = told.get(data.orderId) ?? new Set();
    told.set(data.orderId, known.add(facts[key as keyof typeof facts]));
  }
  const tells = (fact: Fact) => [...told.values()].map((known) => known.has(fact));
  const { rows } = await tx.query<Completed>(
    `update orders o set
            reserved_at = case when p.reserved then now() else o.reserved_at end,
            packed_at = case when p.packed then now() else o.packed_at end,
            invoiced_at = case when p.invoiced then now() else o.invoiced_at end,
            shipped_at = case when p.shipped then now() else o.shipped_at end,
            paid_at = case when p.paid then now() else o.paid_at end,
            completed_at = case when (p.shipped or o.shipped_at is not null) and (p.paid or o.paid_at is not null)
                                then coalesce(o.completed_at, now()) end
       from unnest($1::uuid[], $2::bool[], $3::bool[], $4::bool[], $5::bool[], $6::bool[])
         as p(id, reserved, packed, invoiced, shipped, paid)
      where o.id = p.id
     returning o.id as "orderId", o.channel, o.external_id as "externalId", o.total::float8 as total, o.currency,
               o.completed_at as "completedAt", o.completed_at is not distinct from now() as "isCompleted"`,
    [[...told.keys()], ...(['reserved', 'packed', 'invoiced', 'shipped', 'paid'] as const).map(tells)],
  );
  return rows
    .filter(({ isCompleted }) => isCompleted)
    .map(({ isCompleted: _, ...order }) => ({ key: 'sales.order-completed.v1', data: order }));
}
