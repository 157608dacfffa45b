import { Injectable } from '@nestjs/common';
import type { ChargeRefused, PaymentReceived } from '@retaguarda/contracts';
import { Tx } from '@retaguarda/database';
import type { AsksEvery } from '@retaguarda/messaging';
import { inTurns } from '@retaguarda/messaging';
import { DataSource } from 'typeorm';
import { PaymentGateway } from '../payments/payment.gateway.js';
import type { Answered, NeverSent } from './charge-customer.js';
import { recordAnswers } from './charge-customer.js';
import type { ChargeState } from './charges.js';

const ASKED_PER_RUN = 1_000;
const NEVER_SENT: NeverSent = { state: 'requested', reference: null };

/**
 * Learns what became of charges that were pending or got no answer. Only asks; charges nobody. A charge that the provider
 * does not know half a minute after it was sent first, and whose receivable is void or was paid in another way, it asks
 * about no more: it is not sent again either.
 */
@Injectable()
export class AskPendingCharges implements AsksEvery<readonly Answered[], PaymentReceived | ChargeRefused> {
  constructor(
    private readonly source: DataSource,
    private readonly gateway: PaymentGateway,
  ) {}

  async ask(now: Date): Promise<readonly Answered[]> {
    const due = await this.source.transaction((manager) => lease(new Tx(manager, now)));
    const find = async ({ state, isOver, ...charge }: (typeof due)[number]) => {
      const answer = (await this.gateway.find(charge.receivableId)) ?? (isOver ? NEVER_SENT : undefined);
      return answer && answer.state !== state ? [{ ...charge, answer }] : [];
    };
    // No answer is no news: the charge stays as it is and its next time is set.
    return (await inTurns(due, find, () => [])).flat();
  }

  run(tx: Tx, answered: readonly Answered[]): Promise<(PaymentReceived | ChargeRefused)[]> {
    return recordAnswers(tx, this.gateway.name, answered);
  }
}

/**
 * Takes charges that are due and moves their next time away: twice as late each time, from 5 seconds to half a minute;
 * that for the first ten minutes, so that an answer is known within a minute after a fault; then twice as late again, at
 * most an hour. On the database's clock: a process whose clock was an hour ahead would have asked an hour late.
 */
function lease(
  tx: Tx,
): Promise<(Omit<Answered, 'answer'> & { readonly state: ChargeState; readonly isOver: boolean })[]> {
  return tx.query(
    `update charges c set next_ask_at = now()
            + case when now() - waiting_since < interval '10 minutes'
                   then least(greatest(now() - waiting_since, interval '5 seconds'), interval '30 seconds')
                   else least(now() - waiting_since, interval '1 hour') end
       from receivables r
      where r.id = c.receivable_id
        and receivable_id in (select receivable_id from charges where state in ('pending', 'unknown')
             and next_ask_at <= now() order by next_ask_at limit ${ASKED_PER_RUN} for update skip locked)
     returning receivable_id as "receivableId", c.amount::float8 as amount, c.currency, state,
               state = 'unknown' and r.status <> 'open' and waiting_since <= now() - interval '30 seconds' as "isOver"`,
  );
}
