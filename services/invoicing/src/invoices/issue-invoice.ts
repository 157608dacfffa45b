import { Injectable } from '@nestjs/common';
import type { OrderPacked } from '@retaguarda/contracts';
import { InvoiceIssued } from '@retaguarda/contracts';
import type { Tx } from '@retaguarda/database';
import type { HandlesAll } from '@retaguarda/messaging';
import { firstOfEach } from '@retaguarda/messaging';
import { MAIN_SERIES } from '../series/series.entity.js';
import { documentOf } from './document.js';

/** Issues the invoice of each packed order, once and for ever, with the next numbers in the order of arrival. */
@Injectable()
export class IssueInvoice implements HandlesAll<OrderPacked, InvoiceIssued> {
  async handleAll(events: readonly OrderPacked[], tx: Tx): Promise<InvoiceIssued[]> {
    const drafts = (await withoutInvoice(events, tx)).map((event, place) => draftOf(tx, event, place));
    if (drafts.length === 0) return [];
    await lockSeries(tx);
    const numbers = await issue(drafts, tx);
    return drafts
      .filter(({ orderId }) => numbers.has(orderId))
      .map(({ id, orderId, total, currency, order }) =>
        InvoiceIssued.of({
          orderId,
          invoiceId: id,
          series: MAIN_SERIES,
          number: numbers.get(orderId)!,
          total,
          currency,
          issuedAt: tx.now.toISOString(),
          order,
        }),
      );
  }
}

/** The events whose order has no invoice yet, the first of each order. */
async function withoutInvoice(events: readonly OrderPacked[], tx: Tx): Promise<OrderPacked[]> {
  const packed = firstOfEach(events);
  const rows = await tx.query<{ order_id: string }>('select order_id from invoices where order_id = any($1::uuid[])', [
    packed.map(({ orderId }) => orderId),
  ]);
  const invoiced = new Set(rows.map((row) => row.order_id));
  return packed.filter(({ orderId }) => !invoiced.has(orderId));
}

function draftOf(tx: Tx, { orderId, order }: OrderPacked, place: number) {
  return { place, id: tx.idFrom('invoice', orderId), orderId, order, ...documentOf(order) };
}

/**
 * From here to the commit nobody else issues: that is what makes numbers without gap, and why it comes last. A rollback
 * gives the numbers back. The `where false` locks the row without writing it; a series that is new is opened.
 */
async function lockSeries(tx: Tx): Promise<void> {
  await tx.query(
    `insert into series as s (code, next_number) values ($1, 1)
     on conflict (code) do update set next_number = s.next_number where false`,
    [MAIN_SERIES],
  );
}

/**
 * Looks again for invoices that came while this transaction waited for the lock: only a statement that begins after the
 * lock sees them (https://www.postgresql.org/docs/current/transaction-iso.html#XACT-READ-COMMITTED). Hence two
 * statements, and the number by `order_id` of those that are really issued here.
 */
async function issue(drafts: readonly ReturnType<typeof draftOf>[], tx: Tx): Promise<Map<string, number>> {
  const rows = await tx.query<{ order_id: string; number: number }>(
    `with drafts as (
       select d.*, row_number() over (order by d.place) - 1 as position
         from jsonb_to_recordset($2::jsonb) as d(place int, id uuid, "orderId" uuid, channel text, "externalId" text,
              currency text, customer jsonb, lines jsonb, "shippingFee" bigint, total bigint)
        where d."orderId" not in (select order_id from invoices where order_id = any($4::uuid[]))),
     issued as (
       insert into invoices (id, order_id, channel, external_id, series, number, status, currency, customer, lines,
                             shipping_fee, total, issued_at)
       select d.id, d."orderId", d.channel, d."externalId", s.code, s.next_number + d.position, 'issued', d.currency,
              d.customer, d.lines, d."shippingFee", d.total, $3::timestamptz
         from drafts d join series s on s.code = $1
       returning order_id, number),
     counted as (
       update series set next_number = next_number + (select count(*) from issued) where code = $1)
     select order_id, number from issued`,
    [
      MAIN_SERIES,
      JSON.stringify(drafts.map(({ order: _, ...draft }) => draft)),
      tx.now,
      drafts.map(({ orderId }) => orderId),
    ],
  );
  return new Map(rows.map(({ order_id: orderId, number }) => [orderId, number]));
}
