import { Injectable } from '@nestjs/common';
import type { OrderCancelled } from '@retaguarda/contracts';
import { InvoiceCancelled } from '@retaguarda/contracts';
import type { Tx } from '@retaguarda/database';
import type { HandlesAll, NotYet } from '@retaguarda/messaging';
import { firstOfEach, notYet } from '@retaguarda/messaging';
import { reasonFrom } from './document.js';
import type { InvoiceStatus } from './invoice.entity.js';
import { invoiceSteps } from './invoice.entity.js';

interface Found {
  readonly id: string;
  readonly orderId: string;
  readonly series: string;
  readonly number: number;
  readonly status: InvoiceStatus;
  readonly total: string;
  readonly currency: string;
}

/**
 * Cancels the invoice of a cancelled order; number and document stay. An order that was never packed gets no invoice. For
 * one that was, the invoice is on its way and the cancellation waits for it.
 */
@Injectable()
export class CancelInvoice implements HandlesAll<OrderCancelled, InvoiceCancelled> {
  async handleAll(events: readonly OrderCancelled[], tx: Tx): Promise<(InvoiceCancelled | NotYet)[]> {
    const packed = events.filter(({ wasPacked }) => wasPacked);
    if (packed.length === 0) return [];
    const invoices = await lock(packed, tx);
    const reasons = reasonsByOrder(packed);
    const open = [...invoices.values()].filter(({ status }) => invoiceSteps[status].includes('cancelled'));
    await cancel(open, reasons, tx);
    const early = packed
      .filter(({ orderId }) => !invoices.has(orderId))
      .map((event) => notYet('the invoice of the order is not issued yet', event));
    return [...open.map((invoice) => cancelled(invoice, reasons.get(invoice.orderId)!)), ...early];
  }
}

/** Locks in the order of order ids, so that two batches cannot wait for each other. */
async function lock(events: readonly OrderCancelled[], tx: Tx): Promise<Map<string, Found>> {
  const rows = await tx.query<Found>(
    `select id, order_id as "orderId", series, number, status, total, currency from invoices
      where order_id = any($1::uuid[]) order by order_id for update`,
    [events.map(({ orderId }) => orderId)],
  );
  return new Map(rows.map((invoice) => [invoice.orderId, invoice]));
}

/** When an order is cancelled twice the first reasons count. */
function reasonsByOrder(events: readonly OrderCancelled[]): Map<string, string> {
  return new Map(firstOfEach(events).map(({ orderId, reasons }) => [orderId, reasonFrom(reasons)]));
}

async function cancel(open: readonly Found[], reasons: ReadonlyMap<string, string>, tx: Tx): Promise<void> {
  if (open.length === 0) return;
  await tx.query(
    `update invoices i set status = 'cancelled', cancelled_at = $3::timestamptz, cancellation_reason = o.reason
       from unnest($1::uuid[], $2::text[]) as o(order_id, reason) where i.order_id = o.order_id`,
    [open.map(({ orderId }) => orderId), open.map(({ orderId }) => reasons.get(orderId)!), tx.now],
  );
}

function cancelled({ id, orderId, series, number, total, currency }: Found, reason: string): InvoiceCancelled {
  return InvoiceCancelled.of({ orderId, invoiceId: id, series, number, total: Number(total), currency, reason });
}
