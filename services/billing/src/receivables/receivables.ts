import type { Tx } from '@retaguarda/database';
import type { ReceivableStatus } from './receivable.entity.js';
import { statusesBefore } from './receivable.entity.js';

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

/** Counts payments towards locked receivables; what is paid in full is settled. The table refuses more than is owed. */
export async function applyPayments(tx: Tx, applied: ReadonlyMap<string, number>): Promise<void> {
  if (applied.size === 0) return;
  await tx.query(
    `update receivables r set paid = r.paid + a.amount,
            status = case when r.paid + a.amount = r.amount then 'paid' else r.status end
       from unnest($1::uuid[], $2::bigint[]) as a(id, amount)
      where r.id = a.id and r.status = any($3)`,
    [[...applied.keys()], [...applied.values()], statusesBefore('paid')],
  );
}

export async function voidReceivables(tx: Tx, reasons: ReadonlyMap<string, string>): Promise<void> {
  if (reasons.size === 0) return;
  await tx.query(
    `update receivables r set status = 'void', void_reason = v.reason
       from unnest($1::uuid[], $2::text[]) as v(id, reason) where r.id = v.id and r.status = any($3)`,
    [[...reasons.keys()], [...reasons.values()], statusesBefore('void')],
  );
}
