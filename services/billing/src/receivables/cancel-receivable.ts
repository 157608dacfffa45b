import { Injectable } from '@nestjs/common';
import type { InvoiceCancelled, PaymentRefunded } from '@retaguarda/contracts';
import { ReceivableVoided } from '@retaguarda/contracts';
import type { Tx } from '@retaguarda/database';
import type { HandlesAll, NotYet } from '@retaguarda/messaging';
import { notYet } from '@retaguarda/messaging';
import type { GoingBack } from '../refunds/refunds.js';
import type { Owed } from './receivables.js';
import { book, lockReceivables, requestRefunds, statusesBefore } from './receivables.js';

/** Nothing is owed for a cancelled invoice: what is unpaid is voided, what was paid goes back. */
@Injectable()
export class CancelReceivable implements HandlesAll<InvoiceCancelled, ReceivableVoided | PaymentRefunded> {
  async handleAll(
    events: readonly InvoiceCancelled[],
    tx: Tx,
  ): Promise<(ReceivableVoided | PaymentRefunded | NotYet)[]> {
    const reasons = new Map(events.map(({ invoiceId, reason }) => [invoiceId, reason]));
    const receivables = await lockReceivables(tx, 'invoice_id', [...reasons.keys()]);
    const known = new Set(receivables.map(({ invoiceId }) => invoiceId));
    const reasonFor = ({ invoiceId }: Owed) => reasons.get(invoiceId)!;
    const cancelled = receivables.filter(({ status }) => status !== 'void');
    const unpaid = cancelled.filter(({ amount, paid }) => paid < amount);
    await voidReceivables(tx, new Map(cancelled.map((receivable) => [receivable.id, reasonFor(receivable)])));
    await book(tx, unpaid.map(voiding));
    const refunded = await requestRefunds(tx, await paymentsOf(tx, cancelled, reasonFor));
    return [
      ...unpaid.map((receivable) => receivableVoided(receivable, reasonFor(receivable))),
      ...refunded,
      ...events
        .filter(({ invoiceId }) => !known.has(invoiceId))
        .map((event) => notYet('the receivable is not opened yet', event)),
    ];
  }
}

async function voidReceivables(tx: Tx, reasons: ReadonlyMap<string, string>): Promise<void> {
  if (reasons.size === 0) return;
  await tx.query(
    `update receivables r set status = 'void', void_reason = v.reason
       from unnest($1::uuid[], $2::text[]) as v(id, reason) where r.id = v.id and r.status = any($3)`,
    [[...reasons.keys()], [...reasons.values()], statusesBefore('void')],
  );
}

function voiding({ id, amount, paid, currency }: Owed) {
  return { kind: 'void' as const, reference: id, receivableId: id, amount: amount - paid, currency };
}

function receivableVoided({ id: receivableId, orderId, amount, paid, currency }: Owed, reason: string) {
  return ReceivableVoided.of({ orderId, receivableId, amount: amount - paid, currency, reason });
}

/** Every payment that was made for these receivables, with what was paid too much. */
async function paymentsOf(
  tx: Tx,
  receivables: readonly Owed[],
  reasonFor: (receivable: Owed) => string,
): Promise<GoingBack[]> {
  if (receivables.length === 0) return [];
  const byId = new Map(receivables.map((receivable) => [receivable.id, receivable]));
  const payments = await tx.query<Omit<GoingBack, 'receivable' | 'reason'> & { receivableId: string }>(
    `select id as "paymentId", receivable_id as "receivableId", provider, reference, amount::float8 as amount,
            applied::float8 as applied, currency
       from payments where receivable_id = any($1::uuid[]) and amount > 0 and refunded = 0 order by id`,
    [[...byId.keys()]],
  );
  return payments.map(({ receivableId, ...payment }) => {
    const receivable = byId.get(receivableId)!;
    return { ...payment, receivable, reason: reasonFor(receivable) };
  });
}
