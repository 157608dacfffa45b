import { among, ms, parametersOf } from './columns.js';
import type { Snapshot } from './snapshot.js';

/** What is owed for one order, and what came in for it. Money is minor units. */
export interface BillingFacts {
  readonly orderId: string;
  readonly invoiceId: string;
  readonly status: 'open' | 'paid' | 'void';
  readonly amount: number;
  readonly paid: number;
  readonly currency: string;
  readonly terms: 'prepaid' | 'in-advance' | 'on-invoice';
  /** Money by another method than these comes without a provider and is not charged. */
  readonly method: 'pix' | 'boleto' | 'card' | 'other';
  readonly openedAt: number;
  /** Σ instalments. */
  readonly scheduled: number;
  /** Null: nothing is collected by a provider. */
  readonly chargeState: 'requested' | 'pending' | 'paid' | 'refused' | 'unknown' | null;
  readonly charged: number | null;
  readonly chargedCurrency: string | null;
  /** Σ payments, and the part of them that counts towards the receivable. */
  readonly captured: number;
  readonly applied: number;
  /** Σ payments in the currency of what is owed, less what goes back of them. */
  readonly kept: number;
  /** What payments say that went back, or is about to. */
  readonly refunded: number;
  /** Σ refunds, whether paid or on their way. */
  readonly refunds: number;
  readonly lastPaymentAt: number | null;
  /** What the ledger says is owed. */
  readonly balance: number;
}

/** Receivables by ascending order id; with `only`, those. */
export function billingFacts(billing: Snapshot, only?: readonly string[]): AsyncGenerator<BillingFacts[]> {
  return billing.pages(
    `with booked as (
       select receivable_id, sum(case when debit_account = 'receivables' then amount else -amount end)::float8 as balance
         from ledger_entries where 'receivables' in (debit_account, credit_account) group by receivable_id)
     select r.order_id as "orderId", r.invoice_id as "invoiceId", r.status, r.amount::float8 as amount,
            r.paid::float8 as paid, r.currency, r.terms, r.method, ${ms('r.opened_at', 'openedAt')},
            (select coalesce(sum(amount), 0)::float8 from instalments i where i.receivable_id = r.id) as scheduled,
            c.state as "chargeState", c.amount::float8 as charged, c.currency as "chargedCurrency", p.*,
            (select coalesce(sum(amount), 0)::float8 from refunds f where f.payment_id = any(p."paymentIds")) as refunds,
            coalesce(b.balance, 0) as balance
       from receivables r left join charges c on c.receivable_id = r.id left join booked b on b.receivable_id = r.id,
            lateral (select coalesce(sum(amount), 0)::float8 as captured, coalesce(sum(applied), 0)::float8 as applied,
                            coalesce(sum(amount - refunded) filter (where p.currency = r.currency), 0)::float8 as kept,
                            coalesce(sum(refunded), 0)::float8 as refunded, ${ms('max(recorded_at)', 'lastPaymentAt')},
                            array_agg(id) as "paymentIds"
                       from payments p where receivable_id = r.id) p
      ${among('r.order_id', only)} order by r.order_id`,
    parametersOf(only),
  );
}

/** One account in one currency: what the ledger says, and what the tables say that it should be. */
export interface AccountFacts {
  readonly account: string;
  readonly currency: string;
  readonly debits: number;
  readonly credits: number;
  /** Debits less credits, reckoned from receivables, payments and refunds. */
  readonly expected: number;
}

export function accountFacts(billing: Snapshot): Promise<AccountFacts[]> {
  return billing.rows(
    `with booked as (
       select account, currency, sum(debit) as debits, sum(credit) as credits
         from (select debit_account as account, currency, amount as debit, 0 as credit from ledger_entries
               union all select credit_account, currency, 0, amount from ledger_entries) sides
        group by account, currency),
     expected as (
       select account, currency, sum(amount) as expected from (
         select 'receivables' as account, currency, case when status = 'void' then 0 else amount - paid end as amount
           from receivables
         union all select 'revenue', currency, case when status = 'void' then -paid else -amount end from receivables
         union all select 'revenue', currency, applied from payments where refunded > 0
         union all select 'cash', currency, amount from payments
         union all select 'unmatched', currency, applied - amount from payments where refunded = 0
         union all select case state when 'paid' then 'cash' else 'refunds' end, currency, -amount from refunds) sides
        group by account, currency)
     select account, currency, coalesce(debits, 0)::float8 as debits, coalesce(credits, 0)::float8 as credits,
            coalesce(expected, 0)::float8 as expected
       from booked full join expected using (account, currency) order by currency, account`,
  );
}

/** Money that is not applied as a whole and is not going back. */
export interface UnmatchedFacts {
  readonly paymentId: string;
  /** Without a receivable, or in another currency than it. */
  readonly isForNobody: boolean;
  readonly recordedAt: number;
}

export function unmatchedFacts(billing: Snapshot): AsyncGenerator<UnmatchedFacts[]> {
  return billing.pages(
    `select p.id as "paymentId", (r.id is null or p.currency <> r.currency) as "isForNobody", ${ms('p.recorded_at', 'recordedAt')}
       from payments p left join receivables r on r.id = p.receivable_id
      where p.refunded = 0 and (p.applied < p.amount or r.id is null)`,
  );
}
