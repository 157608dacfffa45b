import type { PaymentMethod, PaymentReceived, PaymentTerms } from '@retaguarda/contracts';
import { ChargeRefused } from '@retaguarda/contracts';
import type { Tx } from '@retaguarda/database';
import type { ChargeAnswer } from '../payments/payment.gateway.js';
import { receivePayments } from '../payments/receive-payments.js';
import type { ChargeState } from './charge.entity.js';
import { chargeSteps } from './charge.entity.js';

export interface ToCharge {
  readonly id: string;
  readonly amount: number;
  readonly currency: string;
  readonly method: PaymentMethod;
  readonly installments?: number | undefined;
}

/**
 * Whether the provider is to collect it. What is paid by another method (a transfer, cash) no provider can collect: it
 * waits for `POST /payments`.
 */
export function isCharged(owed: {
  readonly terms: PaymentTerms;
  readonly method: PaymentMethod;
  readonly amount: number;
}): boolean {
  return owed.terms === 'on-invoice' && owed.method !== 'other' && owed.amount > 0;
}

/** Records the intent to have receivables collected, before anything is sent. */
export async function requestCharges(tx: Tx, receivables: readonly ToCharge[]): Promise<void> {
  if (receivables.length === 0) return;
  await tx.query(
    `insert into charges (receivable_id, amount, currency, method, installments, state, requested_at, next_ask_at)
     select *, 'requested', $6::timestamptz, $6::timestamptz
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

/** What the provider said about the charge of one receivable. */
export interface Answered {
  readonly receivableId: string;
  /** Of the charge, in minor units. */
  readonly amount: number;
  readonly currency: string;
  readonly answer: ChargeAnswer;
}

/**
 * Records what the provider said. Money is recorded whatever the state of the charge was: a late "paid" is still money.
 * A charge that becomes refused is told once, since no step leads there twice.
 * @param provider the name under which its callbacks come as well
 */
export async function recordAnswers(
  tx: Tx,
  provider: string,
  answered: readonly Answered[],
): Promise<(PaymentReceived | ChargeRefused)[]> {
  if (answered.length === 0) return [];
  const sorted = [...answered].sort((a, b) => (a.receivableId < b.receivableId ? -1 : 1));
  const received = await receivePayments(
    tx,
    sorted
      .filter(({ answer }) => answer.state === 'paid')
      .map(({ receivableId: statedFor, amount, currency, answer: { reference, paidAt = tx.now.toISOString() } }) => {
        return { provider, reference, statedFor, amount, currency, paidAt };
      }),
  );
  return [...received, ...(await moveCharges(tx, sorted))];
}

/** Returns what is to be told of those that were refused just now. */
async function moveCharges(tx: Tx, answered: readonly Answered[]): Promise<ChargeRefused[]> {
  const moved = await tx.query<Omit<ChargeRefused, 'reason'> & { readonly state: ChargeState }>(
    `update charges c set state = a.state, provider_reference = a.reference, next_ask_at = $5::timestamptz
       from unnest($1::uuid[], $2::text[], $3::text[]) as a(id, state, reference), receivables r
      where c.receivable_id = a.id and r.id = a.id and $4::jsonb -> c.state ? a.state
     returning r.order_id as "orderId", c.receivable_id as "receivableId", c.amount::float8 as amount, c.currency,
               c.method, c.state`,
    [
      answered.map(({ receivableId }) => receivableId),
      answered.map(({ answer }) => answer.state),
      answered.map(({ answer }) => answer.reference),
      JSON.stringify(chargeSteps),
      tx.now,
    ],
  );
  const reasons = new Map(answered.map(({ receivableId, answer: { reason } }) => [receivableId, reason]));
  return moved
    .filter(({ state }) => state === 'refused')
    .map(({ state: _, ...refused }) => {
      const reason = reasons.get(refused.receivableId);
      return ChargeRefused.of(reason === undefined ? refused : { ...refused, reason });
    });
}

/** A callback told that the money of a charge is there. */
export async function chargePaid(tx: Tx, providerReference: string, receivableId: string): Promise<void> {
  await tx.query(
    `update charges set state = 'paid'
      where receivable_id = $1 and provider_reference = $2 and $3::jsonb -> state ? 'paid'`,
    [receivableId, providerReference, JSON.stringify(chargeSteps)],
  );
}
