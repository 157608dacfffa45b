import { UNTOLD_ITEMS } from '../../company/untold-items.js';
import type { Company } from '../../company/company.js';
import type { DepartmentName } from '../../company/programs.js';
import { departments } from '../../company/programs.js';
import type { Committed, Evidence } from './checker.js';

/** The events that a department's rows stand for. Written against the tables: the outbox must not vouch for itself. */
const committedBy: Record<DepartmentName, string> = {
  sales: `
    select 'sales.order-placed.v1' as type, id::text as key, true as due from orders
      where sheet->'payment'->>'terms' <> 'in-advance'
    union all select 'sales.order-rejected.v1', id::text, true from orders where rejected_at is not null
    union all select 'sales.order-cancelled.v1', id::text, true from orders where cancelled_at is not null
    union all select 'sales.order-completed.v1', id::text, true from orders where completed_at is not null
    union all select 'sales.order-cancellation-requested.v1', id::text, true from orders
      where cancellation_requested_at is not null`,
  stock: `
    select 'stock.stock-rejected.v1' as type, order_id::text as key, true as due from reservations where status = 'rejected'
    union all select 'stock.stock-reserved.v1', order_id::text, true from reservations r where status in ('reserved', 'taken')
      or exists (select 1 from reservation_lines l where l.order_id = r.order_id)`,
  fulfillment: `
    select 'fulfillment.order-packed.v1' as type, order_id::text as key, true as due from pick_lists where packed_at is not null
    union all select 'fulfillment.order-shipped.v1', order_id::text, true from pick_lists where status = 'shipped'
    union all select 'fulfillment.order-stopped.v1', order_id::text, true from pick_lists where status = 'stopped'
    union all select 'fulfillment.cancellation-refused.v1', order_id::text, true from pick_lists where refused_at is not null`,
  invoicing: `
    select 'invoicing.invoice-issued.v1' as type, order_id::text as key, true as due from invoices
    union all select 'invoicing.invoice-cancelled.v1', order_id::text, true from invoices where status = 'cancelled'`,
  billing: `
    select 'billing.receivable-opened.v1' as type, order_id::text as key, true as due from receivables
    union all select 'billing.charge-requested.v1', r.order_id::text, true from charges c
      join receivables r on r.id = c.receivable_id
    union all select 'billing.receivable-voided.v1', order_id::text, false from receivables where status = 'void'
    union all select 'billing.payment-received.v1', id::text, refunded = 0 and applied > 0 from payments
      where receivable_id is not null
    union all select 'billing.payment-refunded.v1', payment_id::text, state = 'paid' from refunds
    union all select 'billing.charge-refused.v1', r.order_id::text, true from charges c
      join receivables r on r.id = c.receivable_id where c.state = 'refused'`,
};

/** Effects that no constraint keeps from being there twice. */
const repeatedIn: Partial<Record<DepartmentName, string>> = {
  stock: `select kind || ' of ' || sku || ' for ' || reference || ': ' || count(*) as effect from movements
           where kind in ('sale', 'return') group by kind, sku, location, reference having count(*) > 1`,
  fulfillment: `select 'parcels of order ' || order_id || ': ' || count(*) as effect from parcels
                 group by order_id having count(*) > 1`,
  billing: `select 'payments of receivable ' || receivable_id || ': ' || count(*) as effect from payments
             where applied > 0 group by receivable_id having count(*) > 1`,
};

/** Reads what the databases hold. Call it when nothing is under way any more. */
export async function evidenceOf(company: Company): Promise<Evidence> {
  const committed: Committed[] = [];
  const [claims, waiting] = [new Set<string>(), new Set<string>()];
  const repeatedEffects: string[] = [];
  for (const name of departments) {
    const rows = await company.sql<{ type: string; key: string; due: boolean }>(name, committedBy[name]);
    for (const { type, key, due } of rows) committed.push({ type, key, isDue: due });
    const claimed = await company.sql<Claim>(name, 'select step, message_key from inbox');
    for (const { step, message_key: key } of claimed) claims.add(`${step} ${key}`);
    const aside = await company.sql<Claim>(
      name,
      `select step, message_key from deferred
       union all select step, message_key from parked where state = 'parked'`,
    );
    for (const { step, message_key: key } of aside) waiting.add(`${step} ${key}`);
    const repeated = repeatedIn[name] && (await company.sql<{ effect: string }>(name, repeatedIn[name]));
    for (const { effect } of repeated || []) repeatedEffects.push(`${name}: ${effect}`);
  }
  const orders = await company.sql<{ number: string }>(
    'sales',
    `select channel || '/' || external_id as number from orders`,
  );
  return { orders: new Set(orders.map(({ number }) => number)), committed, claims, waiting, repeatedEffects };
}

interface Claim {
  readonly step: string;
  readonly message_key: string;
}

/** What is still under way, in words; nothing when the company has come to rest. */
export async function unsettled(company: Company): Promise<string[]> {
  const left: string[] = [];
  const count = async (name: DepartmentName, what: string, from: string) => {
    const [row] = await company.sql<{ n: number }>(name, `select count(*)::int as n from ${from}`);
    if (row!.n > 0) left.push(`${row!.n} ${what} in ${name}`);
  };
  for (const name of departments) {
    await count(name, 'unsent', 'outbox');
    await count(name, 'deferred', 'deferred');
  }
  await count('sales', 'unfinished orders', 'orders where num_nonnulls(completed_at, rejected_at, cancelled_at) = 0');
  await count('billing', 'charges without answer', `charges where state in ('pending', 'unknown')`);
  await count('billing', 'refunds to send', `refunds where state = 'requested'`);
  await count('stock', 'items to be told of', UNTOLD_ITEMS);
  return left;
}
