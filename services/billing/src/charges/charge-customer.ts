import { Injectable } from '@nestjs/common';
import { ChargeRefused } from '@retaguarda/contracts';
import type { ChargeRequested, PaymentReceived } from '@retaguarda/contracts';
import type { Tx } from '@retaguarda/database';
import type { AsksAll, NotYet } from '@retaguarda/messaging';
import { notYet } from '@retaguarda/messaging';
import { DataSource } from 'typeorm';
import type { ChargeAnswer } from '../payments/payment.gateway.js';
import { PaymentGateway } from '../payments/payment.gateway.js';
import type { ReceivableStatus } from '../receivables/receivables.js';
import { lockReceivables, receivePayments } from '../receivables/receivables.js';
import type { ChargeState } from './charges.js';
import { chargeSteps } from './charges.js';

/** Has the provider collect what is owed. The receivable's id is the key: asked again, the customer pays once. */
@Injectable()
export class ChargeCustomer implements AsksAll<
  ChargeRequested,
  ChargeAnswer | undefined,
  PaymentReceived | ChargeRefused
> {
  constructor(
    private readonly source: DataSource,
    private readonly gateway: PaymentGateway,
  ) {}

  async ask(request: ChargeRequested): Promise<ChargeAnswer | undefined> {
    const { receivableId, amount, currency, method, installments = 1 } = request;
    const charge = await this.charge(receivableId);
    if (!charge || (charge.state !== 'requested' && charge.state !== 'unknown')) return undefined;
    // It may have been sent before: by a process that died, or without an answer.
    const mayHaveBeenSent = charge.state === 'unknown' || charge.status !== 'open';
    const known = mayHaveBeenSent ? await this.gateway.find(receivableId) : undefined;
    if (known || charge.status !== 'open') return known;
    // Before it is sent, for a process that dies or a provider that is silent leaves nothing behind.
    await this.source.query(
      `update charges set state = 'unknown', waiting_since = now() where receivable_id = $1 and state = 'requested'`,
      [receivableId],
    );
    return this.gateway.charge({ idempotencyKey: receivableId, amount, currency, method, installments });
  }

  async handleAll(
    requests: readonly ChargeRequested[],
    tx: Tx,
    answers: readonly (ChargeAnswer | undefined)[],
  ): Promise<(PaymentReceived | ChargeRefused | NotYet)[]> {
    const answered = requests.flatMap(({ receivableId, amount, currency }, n) => {
      const answer = answers[n];
      return answer ? [{ receivableId, amount, currency, answer }] : [];
    });
    const followed = await recordAnswers(tx, this.gateway.name, answered);
    const unanswered = requests.filter((_, n) => !answers[n]);
    const early = await notOpened(tx, unanswered);
    return [...followed, ...early.map((request) => notYet('the receivable is not opened yet', request))];
  }

  private async charge(
    receivableId: string,
  ): Promise<{ readonly state: ChargeState; readonly status: ReceivableStatus } | undefined> {
    const [charge] = (await this.source.query(
      'select c.state, r.status from charges c join receivables r on r.id = c.receivable_id where c.receivable_id = $1',
      [receivableId],
    )) as { state: ChargeState; status: ReceivableStatus }[];
    return charge;
  }
}

async function notOpened(tx: Tx, requests: readonly ChargeRequested[]): Promise<ChargeRequested[]> {
  if (requests.length === 0) return [];
  const known = await tx.query<{ id: string }>(
    'select receivable_id as id from charges where receivable_id = any($1::uuid[])',
    [requests.map(({ receivableId }) => receivableId)],
  );
  const opened = new Set(known.map(({ id }) => id));
  return requests.filter(({ receivableId }) => !opened.has(receivableId));
}

/** The provider never got it, and nobody will send it any more. */
export interface NeverSent {
  readonly state: 'requested';
  readonly reference: null;
  readonly reason?: undefined;
}

/** What the provider said about the charge of one receivable. */
export interface Answered {
  readonly receivableId: string;
  /** Of the charge, in minor units. */
  readonly amount: number;
  readonly currency: string;
  readonly answer: ChargeAnswer | NeverSent;
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
  await lockReceivables(
    tx,
    'id',
    sorted.map(({ receivableId }) => receivableId),
  );
  const received = await receivePayments(
    tx,
    sorted.flatMap(({ receivableId: statedFor, amount, currency, answer }) => {
      if (answer.state !== 'paid') return [];
      const { reference, paidAt = tx.now.toISOString() } = answer;
      return [{ provider, reference, statedFor, amount, currency, paidAt }];
    }),
  );
  return [...received, ...(await moveCharges(tx, sorted))];
}

/** Returns what is to be told of those that were refused just now, in one order: a recovery compares what is told. */
async function moveCharges(tx: Tx, answered: readonly Answered[]): Promise<ChargeRefused[]> {
  const moved = await tx.query<Omit<ChargeRefused, 'reason'> & { readonly state: ChargeState }>(
    `with moved as (
     update charges c set state = a.state, provider_reference = a.reference, next_ask_at = now(), waiting_since = now()
       from unnest($1::uuid[], $2::text[], $3::text[]) as a(id, state, reference), receivables r
      where c.receivable_id = a.id and r.id = a.id and $4::jsonb -> c.state ? a.state
     returning r.order_id as "orderId", c.receivable_id as "receivableId", c.amount::float8 as amount, c.currency,
               c.method, c.state)
     select * from moved order by "receivableId"`,
    [
      answered.map(({ receivableId }) => receivableId),
      answered.map(({ answer }) => answer.state),
      answered.map(({ answer }) => answer.reference),
      JSON.stringify(chargeSteps),
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
