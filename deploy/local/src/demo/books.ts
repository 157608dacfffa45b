import pg from 'pg';

/** Where the orders of one run are, counted in the database of sales. */
export interface OrderTally {
  /** Known to sales: the sum of all that follow. */
  taken: number;
  completed: number;
  rejected: number;
  cancelled: number;
  /** The first step that an open order has not passed yet. */
  waitingFor: Record<WaitingFor, number>;
}

export const waits = ['stock', 'packing', 'invoice', 'dispatch', 'payment', 'completion'] as const;
export type WaitingFor = (typeof waits)[number];

/** From when sales took an order in until it was shipped and paid. */
export interface CashTimes {
  /** Who pays by boleto does so some seconds after the invoice. */
  payment: 'at once' | 'by boleto' | 'all';
  orders: number;
  p50Ms: number;
  p99Ms: number;
}

export interface OrderTimes {
  toCash: CashTimes[];
  /** Orders that were shipped, rejected or cancelled, and the time from the first one taken in to the last of these. */
  line: { orders: number; spanMs: number };
}

/** Minor units of one currency. */
export interface MoneyTotals {
  currency: string;
  invoiced: number;
  /** Of invoices that were cancelled afterwards; included in `invoiced`. */
  cancelled: number;
  received: number;
  refunded: number;
  refundsDue: number;
  open: number;
}

/** What other departments hold for orders that are not through. */
export interface OpenItems {
  charges: Record<string, number>;
  pickLists: Record<string, number>;
}

const isOpen = 'num_nonnulls(completed_at, rejected_at, cancelled_at) = 0';

/** Reads across the departments' databases, which only the launcher and the audit may do. Nothing is written. */
export class Books {
  private readonly pools: ReadonlyMap<string, pg.Pool>;

  constructor(databases: Readonly<Record<string, string>>) {
    const pools = Object.entries(databases).map(([name, connectionString]) => {
      const pool = new pg.Pool({ connectionString, max: 1, idleTimeoutMillis: 5_000, connectionTimeoutMillis: 10_000 });
      // An idle connection that the server cuts is opened again when it is needed.
      pool.on('error', () => undefined);
      return [name, pool] as const;
    });
    this.pools = new Map(pools);
  }

  /** Orders whose external id starts with `run`. */
  async tally(run: string): Promise<OrderTally> {
    const [row = {}] = await this.ask<Record<string, number>>(
      'sales',
      `select count(*)::int as taken, count(completed_at)::int as completed, count(rejected_at)::int as rejected,
              count(cancelled_at)::int as cancelled,
              count(*) filter (where ${isOpen} and reserved_at is null)::int as stock,
              count(*) filter (where ${isOpen} and reserved_at is not null and packed_at is null)::int as packing,
              count(*) filter (where ${isOpen} and packed_at is not null and invoiced_at is null)::int as invoice,
              count(*) filter (where ${isOpen} and invoiced_at is not null and shipped_at is null)::int as dispatch,
              count(*) filter (where ${isOpen} and shipped_at is not null and paid_at is null)::int as payment
         from orders where starts_with(external_id, $1)`,
      [run],
    );
    const { taken = 0, completed = 0, rejected = 0, cancelled = 0 } = row;
    const known = waits.map((wait) => [wait, row[wait] ?? 0] as const);
    // What fits nowhere: facts that arrived in an unusual order, seen between two of them.
    const rest = taken - completed - rejected - cancelled - known.reduce((sum, [, count]) => sum + count, 0);
    const waitingFor = { ...Object.fromEntries(known), completion: rest } as Record<WaitingFor, number>;
    return { taken, completed, rejected, cancelled, waitingFor };
  }

  async times(run: string): Promise<OrderTimes> {
    const [toCash, [line]] = await Promise.all([
      this.ask<CashTimes>(
        'sales',
        `with paid as (
           select 1000 * extract(epoch from completed_at - placed_at) as ms,
                  case when sheet @> '{"payment": {"terms": "on-invoice", "method": "boleto"}}' then 'by boleto'
                       else 'at once' end as payment
             from orders where starts_with(external_id, $1) and completed_at is not null)
         select coalesce(payment, 'all') as payment, count(*)::int as orders,
                percentile_cont(0.5) within group (order by ms)::float8 as "p50Ms",
                percentile_cont(0.99) within group (order by ms)::float8 as "p99Ms"
           from paid group by rollup (payment) having count(*) > 0 order by 1`,
        [run],
      ),
      this.ask<OrderTimes['line']>(
        'sales',
        `select count(coalesce(shipped_at, rejected_at, cancelled_at))::int as orders,
                coalesce(1000 * extract(epoch from max(coalesce(shipped_at, rejected_at, cancelled_at)) - min(placed_at)), 0)
                  ::float8 as "spanMs"
           from orders where starts_with(external_id, $1)`,
        [run],
      ),
    ]);
    return { toCash: inReadingOrder(toCash), line: line ?? { orders: 0, spanMs: 0 } };
  }

  async money(run: string): Promise<MoneyTotals[]> {
    const ids = await this.orderIds(run, 'true');
    const asked = await Promise.all([
      this.ask<Partial<MoneyTotals>>(
        'invoicing',
        `select currency, sum(total)::float8 as invoiced,
                coalesce(sum(total) filter (where status = 'cancelled'), 0)::float8 as cancelled
           from invoices where order_id = any($1::uuid[]) group by currency`,
        [ids],
      ),
      this.ask<Partial<MoneyTotals>>(
        'billing',
        `select currency, coalesce(sum(amount - paid) filter (where status = 'open'), 0)::float8 as open
           from receivables where order_id = any($1::uuid[]) group by currency`,
        [ids],
      ),
      this.ask<Partial<MoneyTotals>>(
        'billing',
        `select p.currency, sum(p.amount)::float8 as received
           from payments p join receivables r on r.id = p.receivable_id
          where r.order_id = any($1::uuid[]) group by p.currency`,
        [ids],
      ),
      this.ask<Partial<MoneyTotals>>(
        'billing',
        `select currency, coalesce(sum(amount) filter (where state = 'paid'), 0)::float8 as refunded,
                coalesce(sum(amount) filter (where state <> 'paid'), 0)::float8 as "refundsDue"
           from refunds where order_id = any($1::uuid[]) group by currency`,
        [ids],
      ),
    ]);
    return byCurrency(asked.flat());
  }

  async openItems(run: string): Promise<OpenItems> {
    const ids = await this.orderIds(run, isOpen);
    const [charges, pickLists] = await Promise.all([
      this.ask<Counted>(
        'billing',
        `select c.state as name, count(*)::int as count from charges c join receivables r on r.id = c.receivable_id
          where r.order_id = any($1::uuid[]) and c.state <> 'paid' group by c.state order by c.state`,
        [ids],
      ),
      this.ask<Counted>(
        'fulfillment',
        `select status as name, count(*)::int as count from pick_lists
          where order_id = any($1::uuid[]) and status not in ('shipped', 'stopped') group by status order by status`,
        [ids],
      ),
    ]);
    return { charges: counts(charges), pickLists: counts(pickLists) };
  }

  async close(): Promise<void> {
    await Promise.all([...this.pools.values()].map((pool) => pool.end()));
  }

  private async orderIds(run: string, condition: string): Promise<string[]> {
    const sql = `select id from orders where starts_with(external_id, $1) and ${condition}`;
    return (await this.ask<{ id: string }>('sales', sql, [run])).map(({ id }) => id);
  }

  private async ask<Row>(department: string, sql: string, values: unknown[]): Promise<Row[]> {
    const pool = this.pools.get(department);
    if (!pool) throw new Error(`the database of ${department} is not known`);
    return (await pool.query(sql, values)).rows as Row[];
  }
}

function inReadingOrder(times: readonly CashTimes[]): CashTimes[] {
  const order: CashTimes['payment'][] = ['at once', 'by boleto', 'all'];
  return [...times].sort((a, b) => order.indexOf(a.payment) - order.indexOf(b.payment));
}

interface Counted {
  name: string;
  count: number;
}

function counts(rows: readonly Counted[]): Record<string, number> {
  return Object.fromEntries(rows.map(({ name, count }) => [name, count]));
}

export function byCurrency(parts: readonly Partial<MoneyTotals>[]): MoneyTotals[] {
  const totals = new Map<string, MoneyTotals>();
  for (const { currency = '', ...amounts } of parts) {
    const nothing = { invoiced: 0, cancelled: 0, received: 0, refunded: 0, refundsDue: 0, open: 0 };
    totals.set(currency, { ...nothing, ...totals.get(currency), ...amounts, currency });
  }
  return [...totals.values()].sort((a, b) => a.currency.localeCompare(b.currency));
}
