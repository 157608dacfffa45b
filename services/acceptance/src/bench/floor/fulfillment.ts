import type { InvoiceIssued, StockReserved } from '@retaguarda/contracts';
import type { PoolClient } from 'pg';
import { v7 as uuid } from 'uuid';
import { packedFrom } from '../line/decisions.js';
import type { Following, Taken } from './batches.js';

/** Pick list, lines and parcel with one statement: packed at once, as Retaguarda does in `auto`. */
export async function openPickLists(tx: PoolClient, batch: readonly Taken[]): Promise<Following> {
  const lists = batch.map(({ data }) => {
    const { orderId, order, lines } = data as StockReserved;
    const packed = packedFrom({ order, lines });
    return { id: uuid(), parcelId: uuid(), orderId, order, stops: packed.lines, goods: packed.goods };
  });
  await tx.query(
    `with lists as (
       select * from jsonb_to_recordset($1::jsonb) as l(id uuid, "parcelId" uuid, "orderId" uuid, "order" jsonb, goods jsonb)),
     opened as (
       insert into pick_lists (id, order_id, channel, external_id, status, method, sheet, opened_at, changed_at, packed_at)
       select id, "orderId", "order" ->> 'channel', "order" ->> 'externalId', 'packed', 'ship', "order", now(), now(), now()
         from lists),
     packed as (insert into parcels (id, order_id, lines) select "parcelId", "orderId", goods from lists)
     insert into pick_list_lines (pick_list_id, position, line, sku, name, kind, location, quantity, picked)
     select * from jsonb_to_recordset($2::jsonb) as l("pickListId" uuid, position int, line int, sku text, name text,
                                                      kind text, location text, quantity int, picked int)`,
    [
      JSON.stringify(lists.map(({ stops: _, ...list }) => list)),
      JSON.stringify(lists.flatMap(({ id, stops }) => stops.map((stop) => ({ pickListId: id, ...stop })))),
    ],
  );
  return lists.map(({ orderId, parcelId, goods, order }) => ({
    key: 'fulfillment.order-packed.v1',
    data: { orderId, parcels: [{ parcelId, lines: goods }], order },
  }));
}

export async function releaseForDispatch(tx: PoolClient, batch: readonly Taken[]): Promise<Following> {
  const invoices = batch.map(({ data }) => {
    const { orderId, invoiceId, series, number } = data as InvoiceIssued;
    return { orderId, invoice: { invoiceId, series, number } };
  });
  const { rows } = await tx.query<{ orderId: string; parcelId: string }>(
    `with notes as (select * from jsonb_to_recordset($1::jsonb) as n("orderId" uuid, invoice jsonb)),
     released as (
       update pick_lists l set status = 'shipped', invoice = n.invoice, changed_at = now(), left_at = now()
         from notes n where l.order_id = n."orderId")
     update parcels p set carrier = 'own', tracking_code = 'RTG-' || p.id, dispatched_at = now()
       from notes n where p.order_id = n."orderId"
     returning p.order_id as "orderId", p.id as "parcelId"`,
    [JSON.stringify(invoices)],
  );
  return rows.map(({ orderId, parcelId }) => ({
    key: 'fulfillment.order-shipped.v1',
    data: { orderId, method: 'ship', parcels: [{ parcelId, carrier: 'own', trackingCode: `RTG-${parcelId}` }] },
  }));
}
