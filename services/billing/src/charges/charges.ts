import type { PaymentMethod, PaymentReceived } from '@retaguarda/contracts';
import type { Tx } from '@retaguarda/database';
import type { ChargeAnswer } from '../payments/payment.gateway.js';
import { receivePayments } from '../payments/receive-payments.js';
import { chargeSteps } from './charge.entity.js';

export interface ToCharge {
  readonly id: string;
  readonly amount: number;
  readonly currency: string;
  readonly method: PaymentMethod;
  readonly installments?: number | undefined;
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
 * @param provider the name under which its callbacks come as well
 */
export async function recordAnswers(
  tx: Tx,
  provider: string,
  answered: readonly Answered[],
): Promise<PaymentReceived[]> {
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
  await moveCharges(tx, sorted);
  return received;
}

async function moveCharges(tx: Tx, answered: readonly Answered[]): Promise<void> {
  await tx.query(
    `update charges c set state = a.state, provider_reference = a.reference, next_ask_at = $5::timestamptz
       from unnest($1::uuid[], $2::text[], $3::text[]) as a(id, state, reference)
      where c.receivable_id = a.id and $4::jsonb -> c.state ? a.state`,
    [
      answered.map(({ receivableId }) => receivableId),
      answered.map(({ answer }) => answer.state),
      answered.map(({ answer }) => answer.reference),
      JSON.stringify(chargeSteps),
      tx.now,
    ],
  );
}

/** A callback told that the money of a charge is there. */
export async function chargePaid(tx: Tx, providerReference: string, receivableId: string): Promise<void> {
  await tx.query(
    `update charges set state = 'paid'
      where receivable_id = $1 and provider_reference = $2 and $3::jsonb -> state ? 'paid'`,
    [receivableId, providerReference, JSON.stringify(chargeSteps)],
  );
}
