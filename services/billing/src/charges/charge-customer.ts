import { Injectable } from '@nestjs/common';
import type { PaymentReceived, ReceivableOpened } from '@retaguarda/contracts';
import type { Tx } from '@retaguarda/database';
import type { Asks, NotYet } from '@retaguarda/messaging';
import { notYet } from '@retaguarda/messaging';
import { DataSource } from 'typeorm';
import type { ChargeAnswer } from '../payments/payment.gateway.js';
import { PaymentGateway } from '../payments/payment.gateway.js';
import type { ReceivableStatus } from '../receivables/receivable.entity.js';
import type { ChargeState } from './charge.entity.js';
import { recordAnswers } from './charges.js';

/** Has the provider collect what was invoiced. The receivable's id is the key: asked again, the customer pays once. */
@Injectable()
export class ChargeCustomer implements Asks<ReceivableOpened, ChargeAnswer | undefined, PaymentReceived> {
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

  async handle(
    receivable: ReceivableOpened,
    tx: Tx,
    answer: ChargeAnswer | undefined,
  ): Promise<PaymentReceived[] | NotYet> {
    if (!isCharged(receivable)) return [];
    const { receivableId, amount, currency } = receivable;
    if (answer) return recordAnswers(tx, this.gateway.name, [{ receivableId, amount, currency, answer }]);
    const [charge] = await tx.query('select 1 from charges where receivable_id = $1', [receivableId]);
    return charge ? [] : notYet('the receivable is not opened yet');
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

function isCharged({ terms, amount }: ReceivableOpened): boolean {
  return terms === 'on-invoice' && amount > 0;
}
