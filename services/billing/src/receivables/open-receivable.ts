import { Injectable } from '@nestjs/common';
import type { ChargedMethod, InvoiceIssued } from '@retaguarda/contracts';
import { ChargeRequested, PaymentReceived, ReceivableOpened } from '@retaguarda/contracts';
import type { Tx } from '@retaguarda/database';
import type { HandlesAll } from '@retaguarda/messaging';
import { Unprocessable } from '@retaguarda/messaging';
import { isCharged } from '../charges/charges.js';
import { storefrontOf } from '../payments/prepaid.js';
import { BillingSettings } from '../settings.js';
import { dueOn, schedule } from './due-dates.js';
import { book } from './receivables.js';

/** A receivable about to be opened. What is prepaid, or costs nothing, is settled at once. */
function openingOf(tx: Tx, invoice: InvoiceIssued, timeZone: string) {
  const { orderId, invoiceId, total: amount, currency, issuedAt, order } = invoice;
  const { terms, method, installments } = order.payment;
  const isSettled = terms === 'prepaid' || amount === 0;
  return {
    ...{ id: tx.idFrom('receivable', orderId), paymentId: tx.idFrom('settlement', orderId), orderId, invoiceId },
    ...{ amount, currency, terms, method, installments, isSettled },
    dueOn: dueOn(terms, new Date(issuedAt), timeZone),
    paidBy: storefrontOf(order.channel),
    paymentReference: JSON.stringify([order.externalId, order.payment.reference ?? null]),
    customer: order.customer,
  };
}

type Opening = ReturnType<typeof openingOf>;

/** The customer owes the total of the invoice from here on. */
@Injectable()
export class OpenReceivable implements HandlesAll<InvoiceIssued, ReceivableOpened | ChargeRequested | PaymentReceived> {
  constructor(private readonly settings: BillingSettings) {}

  async handleAll(events: readonly InvoiceIssued[], tx: Tx) {
    const openings = events.map((invoice) => openingOf(tx, invoice, this.settings.timeZone));
    const isNew = await insertReceivables(tx, openings);
    const opened = openings.filter(({ id }) => isNew.has(id));
    if (opened.length < openings.length) await refuseOtherInvoices(tx, openings);
    await insertInstalments(tx, opened);
    const charged = opened.filter(isCharged);
    await requestCharges(tx, charged);
    const settled = opened.filter(({ isSettled }) => isSettled);
    await insertSettled(tx, settled);
    await book(tx, [
      ...opened.map((opening) => ({ kind: 'invoice' as const, reference: opening.id, ...bookedFor(opening) })),
      ...settled.map((opening) => ({ kind: 'payment' as const, reference: opening.paymentId, ...bookedFor(opening) })),
    ]);
    return [
      ...opened.map(receivableOpened),
      ...settled.map((opening) => paymentReceived(opening, tx.now)),
      ...charged.map(chargeRequested),
    ];
  }
}

function bookedFor({ id: receivableId, amount, currency }: Opening) {
  return { receivableId, amount, currency };
}

/** Returns the ids of those that nobody opened before: the order and the invoice are unique for ever. */
async function insertReceivables(tx: Tx, openings: readonly Opening[]): Promise<Set<string>> {
  const rows = await tx.query<{ id: string }>(
    `insert into receivables
            (id, order_id, invoice_id, amount, paid, currency, terms, method, due_on, status, opened_at)
     select id, "orderId", "invoiceId", amount, case when "isSettled" then amount else 0 end, currency, terms, method,
            "dueOn", case when "isSettled" then 'paid' else 'open' end, $2::timestamptz
       from json_to_recordset($1) as o(id uuid, "orderId" uuid, "invoiceId" uuid, amount bigint, currency text,
            terms text, method text, "dueOn" date, "isSettled" boolean)
      order by "orderId"
     on conflict do nothing returning id`,
    [JSON.stringify(openings.map(({ customer: _, ...opening }) => opening)), tx.now],
  );
  return new Set(rows.map(({ id }) => id));
}

/** The same invoice again is no news; another one for the same order would be owed by nobody. */
async function refuseOtherInvoices(tx: Tx, openings: readonly Opening[]): Promise<void> {
  const [other] = await tx.query<{ order_id: string }>(
    `select order_id from unnest($1::uuid[], $2::uuid[]) as i(order_id, invoice_id)
      where not exists (select from receivables r where r.order_id = i.order_id and r.invoice_id = i.invoice_id)`,
    [openings.map(({ orderId }) => orderId), openings.map(({ invoiceId }) => invoiceId)],
  );
  if (other) throw new Unprocessable(`Order ${other.order_id} has a receivable already, for another invoice.`);
}

async function insertInstalments(tx: Tx, opened: readonly Opening[]): Promise<void> {
  const parts = opened.flatMap(({ id, amount, installments, dueOn }) =>
    schedule(amount, installments ?? 1, dueOn).map((part) => ({ receivableId: id, ...part })),
  );
  if (parts.length === 0) return;
  await tx.query(
    `insert into instalments (receivable_id, number, amount, due_on)
     select * from unnest($1::uuid[], $2::int[], $3::bigint[], $4::date[])`,
    [
      parts.map(({ receivableId }) => receivableId),
      parts.map(({ number }) => number),
      parts.map(({ amount }) => amount),
      parts.map(({ dueOn }) => dueOn),
    ],
  );
}

/** Records the intent to have receivables collected, before anything is sent. */
async function requestCharges(tx: Tx, receivables: readonly Opening[]): Promise<void> {
  if (receivables.length === 0) return;
  await tx.query(
    `insert into charges (receivable_id, amount, currency, method, installments, state, requested_at, next_ask_at)
     select *, 'requested', $6::timestamptz, now()
       from unnest($1::uuid[], $2::bigint[], $3::text[], $4::text[], $5::int[])`,
    [
      receivables.map(({ id }) => id),
      receivables.map(({ amount }) => amount),
      receivables.map(({ currency }) => currency),
      receivables.map(({ method }) => method),
      receivables.map(({ installments }) => installments ?? 1),
      tx.now,
    ],
  );
}

/**
 * The payments of receivables that are settled at their opening. A storefront's reference counts within its order only:
 * one payment of the shopper may cover several orders.
 */
async function insertSettled(tx: Tx, settled: readonly Opening[]): Promise<void> {
  if (settled.length === 0) return;
  await tx.query(
    `insert into payments (id, provider, reference, stated_for, receivable_id, amount, currency, applied, refunded,
            paid_at, recorded_at)
     select "paymentId", "paidBy", "paymentReference", id::text, id, amount, currency, amount, 0,
            $2::timestamptz, $2::timestamptz
       from json_to_recordset($1) as s(id uuid, "paymentId" uuid, "paidBy" text, "paymentReference" text,
            amount bigint, currency text)`,
    [JSON.stringify(settled.map(({ customer: _, ...opening }) => opening)), tx.now],
  );
}

function receivableOpened(opening: Opening): ReceivableOpened {
  const { id: receivableId, orderId, amount, currency, terms, method, dueOn, installments, customer } = opening;
  const facts = { orderId, receivableId, amount, currency, terms, method, dueOn, customer };
  return ReceivableOpened.of(installments === undefined ? facts : { ...facts, installments });
}

function chargeRequested(charged: Opening & { readonly method: ChargedMethod }): ChargeRequested {
  const { id: receivableId, orderId, amount, currency, method, installments } = charged;
  const facts = { orderId, receivableId, amount, currency, method };
  return ChargeRequested.of(installments === undefined ? facts : { ...facts, installments });
}

function paymentReceived({ id: receivableId, orderId, paymentId, amount, currency }: Opening, now: Date) {
  const receivedAt = now.toISOString();
  return PaymentReceived.of({ orderId, receivableId, paymentId, amount, currency, outstanding: 0, receivedAt });
}
