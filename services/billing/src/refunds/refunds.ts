import { PaymentRefunded } from '@retaguarda/contracts';
import type { Tx } from '@retaguarda/database';
import { v7 as uuid } from 'uuid';
import { book } from '../ledger/ledger.js';
import { isWithStorefront } from '../payments/prepaid.js';
import type { Owed } from '../receivables/receivables.js';

/** A payment that is to go back, whole. Minor units. */
export interface GoingBack {
  readonly paymentId: string;
  readonly receivable: Owed;
  readonly provider: string;
  readonly reference: string;
  readonly amount: number;
  /** The part of it that counts as paid for the receivable. */
  readonly applied: number;
  readonly currency: string;
  readonly reason: string;
}

/** A refund that was paid. */
export interface Refunded {
  readonly id: string;
  readonly orderId: string;
  readonly receivableId: string;
  readonly paymentId: string;
  readonly amount: number;
  readonly currency: string;
  readonly reason: string;
}

/**
 * Owes payments back to their customers, each once for ever. Money that is with a storefront is the storefront's to pay
 * back: the event tells it so, and for billing that is done. The rest is sent by `SendRefunds`.
 */
export async function requestRefunds(tx: Tx, goingBack: readonly GoingBack[]): Promise<PaymentRefunded[]> {
  if (goingBack.length === 0) return [];
  const refunds = goingBack.map((back) => ({
    ...{ id: uuid(), orderId: back.receivable.orderId, receivableId: back.receivable.id },
    ...back,
    isPaid: isWithStorefront(back.provider),
  }));
  await insertRefunds(tx, refunds);
  await tx.query('update payments set refunded = amount where id = any($1::uuid[])', [
    refunds.map(({ paymentId }) => paymentId),
  ]);
  await book(
    tx,
    refunds.flatMap(({ paymentId: reference, receivableId, amount, applied, currency }) => [
      { kind: 'refund-owed' as const, reference, receivableId, amount: applied, currency },
      { kind: 'unmatched-owed' as const, reference, receivableId, amount: amount - applied, currency },
    ]),
  );
  return settleRefunds(
    tx,
    refunds.filter(({ isPaid }) => isPaid),
  );
}

/** Books refunds that were paid. */
export async function settleRefunds(tx: Tx, refunded: readonly Refunded[]): Promise<PaymentRefunded[]> {
  await book(
    tx,
    refunded.map(({ id, receivableId, amount, currency }) => {
      return { kind: 'refund' as const, reference: id, receivableId, amount, currency };
    }),
  );
  return refunded.map(({ orderId, receivableId, paymentId, amount, currency, reason }) =>
    PaymentRefunded.of({ orderId, receivableId, paymentId, amount, currency, reason }),
  );
}

type NewRefund = GoingBack & { readonly id: string; readonly isPaid: boolean };

async function insertRefunds(tx: Tx, refunds: readonly NewRefund[]): Promise<void> {
  await tx.query(
    `insert into refunds (id, payment_id, order_id, receivable_id, provider, provider_reference, amount, currency, reason,
            state, requested_at, next_try_at, refunded_at)
     select id, "paymentId", "orderId", "receivableId", provider, reference, amount, currency, reason,
            case when "isPaid" then 'paid' else 'requested' end, $2::timestamptz, $2::timestamptz,
            case when "isPaid" then $2::timestamptz end
       from json_to_recordset($1) as r(id uuid, "paymentId" uuid, "orderId" uuid, "receivableId" uuid, provider text,
            reference text, amount bigint, currency text, reason text, "isPaid" boolean)`,
    [JSON.stringify(refunds), tx.now],
  );
}
