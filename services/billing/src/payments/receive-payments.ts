import { PaymentReceived } from '@retaguarda/contracts';
import type { Tx } from '@retaguarda/database';
import { isUUID } from 'class-validator';
import { v7 as uuid } from 'uuid';
import { book } from '../ledger/ledger.js';
import { applyPayments, lockReceivables } from '../receivables/receivables.js';
import { requestRefunds } from '../refunds/refunds.js';
import type { Incoming, Matched } from './matching.js';
import { match } from './matching.js';

/** What a provider says about money that it took. */
export interface PaymentNotice {
  readonly provider: string;
  readonly reference: string;
  /** The receivable's id, which is the charge's idempotency key as well. */
  readonly statedFor: string;
  /** Minor units. */
  readonly amount: number;
  readonly currency: string;
  readonly paidAt: string;
}

type Payment = Incoming & PaymentNotice;

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
  await recordMatches(tx, matched);
  await applyPayments(tx, appliedTo(matched));
  await book(tx, matched.flatMap(bookingsOf));
  await requestRefunds(tx, matched.filter(({ problem }) => problem === 'receivable is void').map(goingBack));
  return matched.filter(({ applied }) => applied > 0).map(receivedAt(tx.now));
}

/** The reference is claimed first: of two that bring the same one, the second waits here and finds it taken. */
async function insertNew(tx: Tx, notices: readonly PaymentNotice[]): Promise<Payment[]> {
  const payments = notices.map((notice) => ({ id: uuid(), ...notice }));
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

async function recordMatches(tx: Tx, matched: readonly Matched<Payment>[]): Promise<void> {
  const known = matched.filter(({ receivable }) => receivable);
  if (known.length === 0) return;
  await tx.query(
    `update payments p set receivable_id = m.receivable_id, applied = m.applied, problem = m.problem
       from unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::text[]) as m(id, receivable_id, applied, problem)
      where p.id = m.id`,
    [
      known.map(({ payment }) => payment.id),
      known.map(({ receivable }) => receivable!.id),
      known.map(({ applied }) => applied),
      known.map(({ problem }) => problem ?? null),
    ],
  );
}

function appliedTo(matched: readonly Matched<Payment>[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { receivable, applied } of matched)
    if (receivable && applied > 0) sums.set(receivable.id, (sums.get(receivable.id) ?? 0) + applied);
  return sums;
}

function bookingsOf({ payment, receivable, applied }: Matched<Payment>) {
  const entry = { reference: payment.id, receivableId: receivable?.id ?? null, currency: payment.currency };
  return [
    { kind: 'payment' as const, amount: applied, ...entry },
    { kind: 'unmatched' as const, amount: payment.amount - applied, ...entry },
  ];
}

function goingBack({ payment, receivable }: Matched<Payment>) {
  const { id: paymentId, provider, reference, amount, currency } = payment;
  const reason = 'The order was cancelled before the payment came.';
  return { paymentId, receivable: receivable!, provider, reference, amount, applied: 0, currency, reason };
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
