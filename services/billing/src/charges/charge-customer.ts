import { Injectable } from '@nestjs/common';
import type { ChargeRefused, PaymentReceived, ReceivableOpened } from '@retaguarda/contracts';
import type { Tx } from '@retaguarda/database';
import type { AsksAll, NotYet } from '@retaguarda/messaging';
import { notYet } from '@retaguarda/messaging';
import { DataSource } from 'typeorm';
import type { ChargeAnswer } from '../payments/payment.gateway.js';
import { PaymentGateway } from '../payments/payment.gateway.js';
import type { ReceivableStatus } from '../receivables/receivable.entity.js';
import type { ChargeState } from './charge.entity.js';
import { isCharged, recordAnswers } from './charges.js';

/** Has the provider collect what was invoiced. The receivable's id is the key: asked again, the customer pays once. */
@Injectable()
export class ChargeCustomer implements AsksAll<
  ReceivableOpened,
  ChargeAnswer | undefined,
  PaymentReceived | ChargeRefused
> {
  constructor(
    private readonly source: DataSource,
    private readonly gateway: PaymentGateway,
  ) {}

  async ask(receivable: ReceivableOpened): Promise<ChargeAnswer | undefined> {
    if (!isCharged(receivable)) return undefined;
    const { receivableId, amount, currency, method, installments = 1 } = receivable;
    const charge = await this.charge(receivableId);
    if (!charge || (charge.state !== 'requested' && charge.state !== 'unknown')) return undefined;
    // It may have been sent before: by a process that died, or without an answer.
    const mayHaveBeenSent = charge.state === 'unknown' || charge.status !== 'open';
    const known = mayHaveBeenSent ? await this.gateway.find(receivableId) : undefined;
    if (known || charge.status !== 'open') return known;
    try {
      return await this.gateway.charge({ idempotencyKey: receivableId, amount, currency, method, installments });
    } catch (error) {
      await this.source.query(`update charges set state = 'unknown' where receivable_id = $1 and state = 'requested'`, [
        receivableId,
      ]);
      throw error;
    }
  }

  async handleAll(
    events: readonly ReceivableOpened[],
    tx: Tx,
    answers: readonly (ChargeAnswer | undefined)[],
  ): Promise<(PaymentReceived | ChargeRefused | NotYet)[]> {
    const charged = events
      .map((receivable, n) => ({ receivable, answer: answers[n] }))
      .filter((c) => isCharged(c.receivable));
    const answered = charged.flatMap(({ receivable: { receivableId, amount, currency }, answer }) =>
      answer ? [{ receivableId, amount, currency, answer }] : [],
    );
    const followed = await recordAnswers(tx, this.gateway.name, answered);
    const early = await notOpened(
      tx,
      charged.filter(({ answer }) => !answer).map(({ receivable }) => receivable),
    );
    return [...followed, ...early.map((receivable) => notYet('the receivable is not opened yet', receivable))];
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

async function notOpened(tx: Tx, receivables: readonly ReceivableOpened[]): Promise<ReceivableOpened[]> {
  if (receivables.length === 0) return [];
  const known = await tx.query<{ id: string }>(
    'select receivable_id as id from charges where receivable_id = any($1::uuid[])',
    [receivables.map(({ receivableId }) => receivableId)],
  );
  const opened = new Set(known.map(({ id }) => id));
  return receivables.filter(({ receivableId }) => !opened.has(receivableId));
}
