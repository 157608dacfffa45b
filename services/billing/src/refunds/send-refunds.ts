import { Injectable } from '@nestjs/common';
import type { PaymentRefunded } from '@retaguarda/contracts';
import { Tx } from '@retaguarda/database';
import type { AsksEvery } from '@retaguarda/messaging';
import { inTurns } from '@retaguarda/messaging';
import { DataSource } from 'typeorm';
import { PaymentGateway } from '../payments/payment.gateway.js';
import { book } from '../receivables/receivables.js';
import type { Refunded } from './refunds.js';
import { paidBack, paymentRefunded } from './refunds.js';

const SENT_AT_ONCE = 200;

interface Due {
  readonly id: string;
  readonly reference: string;
  readonly amount: number;
  readonly currency: string;
}

/** What the provider made of one refund: its own number of it, or why not. */
export interface RefundAnswer {
  readonly id: string;
  readonly reference: string | null;
  readonly problem: string | null;
}

/** Has the provider give back what is owed to customers. The refund's id is the key: asked again, it is paid once. */
@Injectable()
export class SendRefunds implements AsksEvery<readonly RefundAnswer[], PaymentRefunded> {
  constructor(
    private readonly source: DataSource,
    private readonly gateway: PaymentGateway,
  ) {}

  async ask(now: Date): Promise<readonly RefundAnswer[]> {
    const due = await this.source.transaction(async (manager) => {
      const tx = new Tx(manager, now);
      await explainOthers(tx, this.gateway.name);
      return lease(tx, this.gateway.name);
    });
    const refund = async ({ id, reference: charge, amount, currency }: Due): Promise<RefundAnswer> => {
      const { reference } = await this.gateway.refund({ idempotencyKey: id, charge, amount, currency });
      return { id, reference, problem: null };
    };
    return inTurns(due, refund, ({ id }, error) => {
      return { id, reference: null, problem: error instanceof Error ? error.message : String(error) };
    });
  }

  async run(tx: Tx, answers: readonly RefundAnswer[] = []): Promise<PaymentRefunded[]> {
    if (answers.length === 0) return [];
    const rows = await tx.query<Refunded & { isPaid: boolean }>(
      `update refunds r set state = case when a.reference is null then r.state else 'paid' end,
              refund_reference = a.reference, problem = a.problem,
              refunded_at = case when a.reference is not null then $4::timestamptz end
         from unnest($1::uuid[], $2::text[], $3::text[]) as a(id, reference, problem)
        where r.id = a.id and r.state = 'requested'
       returning r.id, r.order_id as "orderId", r.receivable_id as "receivableId", r.payment_id as "paymentId",
                 r.amount::float8 as amount, r.currency, r.reason, r.state = 'paid' as "isPaid"`,
      [
        answers.map(({ id }) => id),
        answers.map(({ reference }) => reference),
        answers.map(({ problem }) => problem),
        tx.now,
      ],
    );
    const paid = rows.filter(({ isPaid }) => isPaid);
    await book(tx, paid.map(paidBack));
    return paid.map(paymentRefunded);
  }
}

/** Money that another provider took cannot be given back from here; whoever reads the list is told so. */
async function explainOthers(tx: Tx, provider: string): Promise<void> {
  await tx.query(
    `update refunds set problem = 'This provider is not connected: pay it back there by hand.'
      where id in (select id from refunds where state = 'requested' and provider <> $1 and problem is null
                    order by id for update skip locked)`,
    [provider],
  );
}

/**
 * Takes refunds that are due and moves their next attempt away, also for the case that this process dies while it asks:
 * half a minute for the first ten minutes, so that all is paid within a minute after a fault; then twice as late each
 * time, at most an hour. On the database's clock, as pending charges are asked about.
 */
function lease(tx: Tx, provider: string): Promise<Due[]> {
  return tx.query<Due>(
    `update refunds set next_try_at = now()
            + case when now() - waiting_since < interval '10 minutes' then interval '30 seconds'
                   else least(now() - waiting_since, interval '1 hour') end
      where id in (select id from refunds where state = 'requested' and provider = $1 and next_try_at <= now()
                    order by next_try_at limit ${SENT_AT_ONCE} for update skip locked)
     returning id, provider_reference as reference, amount::float8 as amount, currency`,
    [provider],
  );
}
