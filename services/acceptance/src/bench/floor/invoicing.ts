import type { OrderPacked } from '@retaguarda/contracts';
import type { PoolClient } from 'pg';
import { v7 as uuid } from 'uuid';
import { documentOf } from '../line/decisions.js';
import type { Following, Taken } from './batches.js';

/** Takes the numbers and writes the invoices with one statement; the row of the series makes others wait. */
export async function issueInvoices(tx: PoolClient, batch: readonly Taken[]): Promise<Following> {
  const orders = batch.map(({ data }) => data as OrderPacked);
  const drafts = orders.map(({ orderId, order }, place) => ({ place, id: uuid(), orderId, ...documentOf(order) }));
  const { rows } = await tx.query<{ orderId: string; number: number; issuedAt: Date }>(
    `with numbers as (update series set next_number = next_number + $2 where code = '1' returning next_number - $2 as first)
     insert into invoices (id, order_id, channel, external_id, series, number, status, currency, customer, lines,
                           shipping_fee, total, issued_at)
     select d.id, d."orderId", d.channel, d."externalId", '1', n.first + d.place, 'issued', d.currency, d.customer, d.lines,
            d."shippingFee", d.total, now()
       from numbers n, jsonb_to_recordset($1::jsonb) as d(place int, id uuid, "orderId" uuid, channel text,
            "externalId" text, currency text, customer jsonb, lines jsonb, "shippingFee" bigint, total bigint)
     returning order_id as "orderId", number, issued_at as "issuedAt"`,
    [JSON.stringify(drafts), drafts.length],
  );
  const issued = new Map(rows.map((row) => [row.orderId, row]));
  return drafts.map(({ id: invoiceId, orderId, total, currency, place }) => {
    const { number, issuedAt } = issued.get(orderId)!;
    const invoice = { orderId, invoiceId, series: '1', number, total, currency, issuedAt };
    return { key: 'invoicing.invoice-issued.v1', data: { ...invoice, order: orders[place]!.order } };
  });
}
