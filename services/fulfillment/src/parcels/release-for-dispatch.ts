import { Injectable } from '@nestjs/common';
import type { InvoiceIssued, OrderShipped } from '@retaguarda/contracts';
import type { Tx } from '@retaguarda/database';
import type { HandlesAll, NotYet } from '@retaguarda/messaging';
import { firstOfEach, notYet } from '@retaguarda/messaging';
import { FulfillmentMode } from '../fulfillment-mode.js';
import type { ListOfOrder, PickListStatus } from '../pick-lists/pick-lists.js';
import { checkStep, lock, sendOff } from '../pick-lists/pick-lists.js';

/**
 * The invoice is there, so the parcels may leave (in Brazil the nota fiscal travels with them). An order of services
 * has nothing to dispatch: it is done.
 */
@Injectable()
export class ReleaseForDispatch implements HandlesAll<InvoiceIssued, OrderShipped> {
  constructor(private readonly mode: FulfillmentMode) {}

  async handleAll(events: readonly InvoiceIssued[], tx: Tx): Promise<(OrderShipped | NotYet)[]> {
    const locked = await lock(
      tx,
      events.map(({ orderId }) => orderId),
    );
    const lists = new Map(locked.map((list) => [list.orderId, list]));
    const isEarly = ({ orderId }: InvoiceIssued) => ['open', 'picking', undefined].includes(lists.get(orderId)?.status);
    const packed = locked.filter((list): list is ListOfOrder => list.status === 'packed');
    const leaving = packed.filter(({ method }) => this.mode.isAuto || method === 'none');
    const invoices = firstOfEach(events).filter(({ orderId }) => lists.get(orderId)?.status === 'packed');
    await release(tx, invoices, new Set(leaving.map(({ orderId }) => orderId)));
    return [
      ...(await sendOff(tx, leaving)),
      ...events.filter(isEarly).map((event) => notYet('the order is not packed yet', event)),
    ];
  }
}

/** Notes the invoices of packed orders; those that leave at once are shipped, the others ready. */
async function release(tx: Tx, invoices: readonly InvoiceIssued[], leaving: ReadonlySet<string>): Promise<void> {
  if (invoices.length === 0) return;
  const notes = invoices.map(({ orderId, invoiceId, series, number, accessKey }) => {
    const status: PickListStatus = leaving.has(orderId) ? 'shipped' : 'ready';
    checkStep('packed', status);
    return { orderId, status, invoice: JSON.stringify({ invoiceId, series, number, accessKey }) };
  });
  await tx.query(
    `update pick_lists l set status = n.status, invoice = n.invoice, changed_at = $4::timestamptz,
            left_at = case when n.status = 'shipped' then $4::timestamptz end
       from unnest($1::uuid[], $2::text[], $3::jsonb[]) as n(order_id, status, invoice)
      where l.order_id = n.order_id`,
    [notes.map(({ orderId }) => orderId), notes.map(({ status }) => status), notes.map((n) => n.invoice), tx.now],
  );
}
