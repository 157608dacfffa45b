import type { InvoiceIssued } from '@retaguarda/contracts';
import type { PoolClient } from 'pg';
import { v7 as uuid } from 'uuid';
import { settlementOf } from '../line/decisions.js';
import type { Following, Taken } from './batches.js';

/** Receivable, its one instalment, the payment that the storefront holds and both entries of the ledger: one statement. */
export async function openReceivables(tx: PoolClient, batch: readonly Taken[]): Promise<Following> {
  const openings = batch.map(({ data }) => {
    const { orderId, invoiceId, total: amount, currency, issuedAt, order } = data as InvoiceIssued;
    const { customer, payment } = order;
    const { terms, method } = payment;
    const ids = { id: uuid(), paymentId: uuid(), orderId, invoiceId };
    return { ...ids, amount, currency, terms, method, customer, ...settlementOf(order, issuedAt) };
  });
  await tx.query(
    `with o as (
       select * from jsonb_to_recordset($1::jsonb) as o(id uuid, "paymentId" uuid, "orderId" uuid, "invoiceId" uuid,
              amount bigint, currency text, terms text, method text, "dueOn" date, "paidBy" text, "paymentReference" text)),
     opened as (
       insert into receivables (id, order_id, invoice_id, amount, paid, currency, terms, method, due_on, status, opened_at)
       select id, "orderId", "invoiceId", amount, amount, currency, terms, method, "dueOn", 'paid', now() from o),
     due as (insert into instalments (receivable_id, number, amount, due_on) select id, 1, amount, "dueOn" from o),
     paid as (
       insert into payments (id, provider, reference, stated_for, receivable_id, amount, currency, applied, refunded,
                             paid_at, recorded_at)
       select "paymentId", "paidBy", "paymentReference", id::text, id, amount, currency, amount, 0, now(), now() from o)
     insert into ledger_entries
            (kind, reference, debit_account, credit_account, amount, currency, receivable_id, booked_at)
     select 'invoice', id, 'receivables', 'revenue', amount, currency, id, now() from o
     union all
     select 'payment', "paymentId", 'cash', 'receivables', amount, currency, id, now() from o`,
    [JSON.stringify(openings.map(({ customer: _, ...opening }) => opening))],
  );
  const receivedAt = new Date().toISOString();
  return openings.flatMap(({ id: receivableId, paymentId, ...opening }) => {
    const { orderId, amount, currency, terms, method, dueOn, customer } = opening;
    const facts = { orderId, receivableId, amount, currency };
    return [
      { key: 'billing.receivable-opened.v1', data: { ...facts, terms, method, dueOn, customer } },
      { key: 'billing.payment-received.v1', data: { ...facts, paymentId, outstanding: 0, receivedAt } },
    ];
  });
}
