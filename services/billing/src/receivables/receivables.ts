/** What is owed, the money that comes in for it or goes back, and the books: what happens under a receivable's lock. */
import { PaymentReceived } from '@retaguarda/contracts';
import type { PaymentRefunded } from '@retaguarda/contracts';
import type { Tx } from '@retaguarda/database';
import { isUUID } from 'class-validator';
import type { Booking } from '../ledger/ledger.js';
import { entryKinds } from '../ledger/ledger.js';
import type { Matched, Payment, PaymentNotice } from '../payments/matching.js';
import { bookingsOf, match } from '../payments/matching.js';
import type { GoingBack, NewRefund } from '../refunds/refunds.js';
import { cameTooLate, owedBack, paidBack, paymentRefunded, refundOf } from '../refunds/refunds.js';

export type ReceivableStatus = 'open' | 'paid' | 'void';

/** What may follow what. A paid receivable whose invoice is cancelled is void as well, and its money goes back. */
export const receivableSteps: Readonly<Record<ReceivableStatus, readonly ReceivableStatus[]>> = {
  open: ['paid', 'void'],
  paid: ['void'],
  void: [],
};

/** The statuses from which a receivable may become this one. */
export function statusesBefore(status: ReceivableStatus): ReceivableStatus[] {
  return (Object.keys(receivableSteps) as ReceivableStatus[]).filter((from) => receivableSteps[from].includes(status));
}

/** A locked receivable: what is owed and by which order. Minor units. */
export interface Owed {
  readonly id: string;
  readonly orderId: string;
  readonly invoiceId: string;
  readonly amount: number;
  readonly paid: number;
  readonly currency: string;
  readonly status: ReceivableStatus;
}

/**
 * Locks receivables, in the order of their ids. Whoever touches the payments, refunds or charges of a receivable that
 * is known holds this lock, or waits for nothing while it has none.
 */
export function lockReceivables(tx: Tx, by: 'id' | 'invoice_id', keys: readonly string[]): Promise<Owed[]> {
  if (keys.length === 0) return Promise.resolve([]);
  return tx.query<Owed>(
    `select id, order_id as "orderId", invoice_id as "invoiceId", amount::float8 as amount, paid::float8 as paid,
            currency, status
       from receivables where ${by} = any($1::uuid[]) order by id for update`,
    [keys],
  );
}

/**
 * Records money that came in, each provider's reference once and for ever, and applies it to what is owed. All that is
 * not applied is kept as unmatched; what comes for a void receivable goes back. A constant number of statements.
 */
export async function receivePayments(tx: Tx, notices: readonly PaymentNotice[]): Promise<PaymentReceived[]> {
  const payments = await insertNew(tx, notices);
  if (payments.length === 0) return [];
  const receivables = await lockReceivables(
    tx,
    'id',
    payments.map(({ statedFor }) => statedFor).filter((id) => isUUID(id)),
  );
  const matched = match(payments, receivables);
  await apply(tx, matched);
  await book(tx, matched.flatMap(bookingsOf));
  await requestRefunds(tx, matched.filter(({ problem }) => problem === 'receivable is void').map(cameTooLate));
  return matched.filter(({ applied }) => applied > 0).map(receivedAt(tx.now));
}

/** The reference is claimed first: of two that bring the same one, the second waits here and finds it taken. */
async function insertNew(tx: Tx, notices: readonly PaymentNotice[]): Promise<Payment[]> {
  const payments = notices.map((notice) => ({
    id: tx.idFrom('payment', notice.provider, notice.reference),
    ...notice,
  }));
  const rows = await tx.query<{ id: string }>(
    `insert into payments (id, provider, reference, stated_for, amount, currency, applied, refunded, problem,
            paid_at, recorded_at)
     select id, provider, reference, "statedFor", amount, currency, 0, 0, 'unknown receivable', "paidAt", $2::timestamptz
       from json_to_recordset($1) as n(id uuid, provider text, reference text, "statedFor" text, amount bigint,
            currency text, "paidAt" timestamptz)
      order by provider, reference, id
     on conflict do nothing returning id`,
    [JSON.stringify(payments), tx.now],
  );
  const isNew = new Set(rows.map(({ id }) => id));
  return payments.filter(({ id }) => isNew.has(id));
}

/**
 * Counts payments towards the locked receivables that they were made for; what is paid in full is settled. The table
 * refuses more than is owed.
 */
async function apply(tx: Tx, matched: readonly Matched<Payment>[]): Promise<void> {
  const known = matched.filter(({ receivable }) => receivable);
  if (known.length === 0) return;
  await tx.query(
    `with applied as (
       update payments p set receivable_id = m.receivable_id, applied = m.applied, problem = m.problem
         from unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::text[]) as m(id, receivable_id, applied, problem)
        where p.id = m.id
       returning p.receivable_id, p.applied),
     sums as (
       select receivable_id as id, sum(applied)::bigint as amount from applied where applied > 0 group by receivable_id)
     update receivables r set paid = r.paid + s.amount,
            status = case when r.paid + s.amount = r.amount then 'paid' else r.status end
       from sums s where r.id = s.id and r.status = any($5)`,
    [
      known.map(({ payment }) => payment.id),
      known.map(({ receivable }) => receivable!.id),
      known.map(({ applied }) => applied),
      known.map(({ problem }) => problem ?? null),
      statusesBefore('paid'),
    ],
  );
}

/**
 * Owes payments back to their customers, each once for ever. Money that is with a storefront is the storefront's to pay
 * back: the event tells it so, and for billing that is done. The rest is sent by `SendRefunds`.
 */
export async function requestRefunds(tx: Tx, goingBack: readonly GoingBack[]): Promise<PaymentRefunded[]> {
  if (goingBack.length === 0) return [];
  const refunds = goingBack.map((back) => ({ id: tx.idFrom('refund', back.paymentId), ...refundOf(back) }));
  await insertRefunds(tx, refunds);
  const paid = refunds.filter(({ isPaid }) => isPaid);
  await book(tx, [...refunds.flatMap(owedBack), ...paid.map(paidBack)]);
  return paid.map(paymentRefunded);
}

async function insertRefunds(tx: Tx, refunds: readonly NewRefund[]): Promise<void> {
  await tx.query(
    `with refunded as (update payments set refunded = amount where id = any($3::uuid[]))
     insert into refunds (id, payment_id, order_id, receivable_id, provider, provider_reference, amount, currency, reason,
            state, requested_at, next_try_at, refunded_at)
     select id, "paymentId", "orderId", "receivableId", provider, reference, amount, currency, reason,
            case when "isPaid" then 'paid' else 'requested' end, $2::timestamptz, now(),
            case when "isPaid" then $2::timestamptz end
       from json_to_recordset($1) as r(id uuid, "paymentId" uuid, "orderId" uuid, "receivableId" uuid, provider text,
            reference text, amount bigint, currency text, reason text, "isPaid" boolean)`,
    [JSON.stringify(refunds), tx.now, refunds.map(({ paymentId }) => paymentId)],
  );
}

/** Books all entries with one statement. Fails if one of them was booked before. */
export async function book(tx: Tx, bookings: readonly Booking[]): Promise<void> {
  const entries = bookings.filter(({ amount }) => amount !== 0);
  if (entries.length === 0) return;
  await tx.query(
    `insert into ledger_entries
            (kind, reference, debit_account, credit_account, amount, currency, receivable_id, booked_at)
     select *, $8::timestamptz
       from unnest($1::text[], $2::uuid[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::uuid[])`,
    [
      entries.map(({ kind }) => kind),
      entries.map(({ reference }) => reference),
      entries.map(({ kind }) => entryKinds[kind].debit),
      entries.map(({ kind }) => entryKinds[kind].credit),
      entries.map(({ amount }) => amount),
      entries.map(({ currency }) => currency),
      entries.map(({ receivableId }) => receivableId),
      tx.now,
    ],
  );
}

function receivedAt(now: Date) {
  return ({ payment, receivable, applied, outstanding }: Matched<Payment>): PaymentReceived =>
    PaymentReceived.of({
      orderId: receivable!.orderId,
      receivableId: receivable!.id,
      paymentId: payment.id,
      amount: applied,
      currency: payment.currency,
      outstanding,
      receivedAt: now.toISOString(),
    });
}
