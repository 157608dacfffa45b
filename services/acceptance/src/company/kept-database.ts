import pg from 'pg';

/** Belongs to another system, which is not set back with billing. */
const OF_OTHERS = ['simulated_charges', 'simulated_refunds'];
const OF_MIGRATIONS = ['migrations'];
/** What is another one when the same is done again. Leases of duties are no part of what they did. */
const DIFFERS: Readonly<Record<string, readonly string[]>> = {
  inbox: ['handled_at'],
  movements: ['id'],
  ledger_entries: ['id'],
  items: ['announced_at'],
  charges: ['next_ask_at', 'waiting_since'],
  refunds: ['next_try_at', 'waiting_since'],
};
/** They run as often as they run. */
const CLAIMS_OF_DUTIES = ['stock.announce-availability', 'sales.prune-idempotency-keys'];

interface Table {
  readonly name: string;
  /** Those that are not generated. */
  readonly columns: string;
}

/**
 * A database as it was at one moment, kept in a schema of its own beside the tables, so that it can be set back by
 * whoever may write them.
 */
export class KeptDatabase {
  private constructor(
    private readonly url: string,
    readonly keptAt: Date,
  ) {}

  /** The department may be at work: it is one snapshot. */
  static async keep(url: string): Promise<KeptDatabase> {
    return inOneTransaction(url, async (client) => {
      await client.query('drop schema if exists kept cascade');
      await client.query('create schema kept');
      const { rows } = await client.query<{ now: Date }>('select clock_timestamp() as now');
      for (const { name } of await tablesIn(client))
        await client.query(`create table kept."${name}" as table public."${name}"`);
      await client.query(
        `create table kept.sequence_values as
         select sequencename as name, coalesce(last_value, 0) as value from pg_sequences where schemaname = 'public'`,
      );
      return new KeptDatabase(url, rows[0]!.now);
    });
  }

  /** As restoring a backup would. The department must be stopped. */
  async setBack(): Promise<void> {
    await inOneTransaction(this.url, async (client) => {
      const tables = await tablesIn(client);
      await client.query(`truncate ${tables.map(({ name }) => `public."${name}"`).join(', ')}`);
      for (const { name, columns } of tables)
        await client.query(
          `insert into public."${name}" (${columns}) overriding system value select ${columns} from kept."${name}"`,
        );
      await client.query(
        `select setval(format('public.%I', name)::regclass, greatest(value, 1), value > 0) from kept.sequence_values`,
      );
    });
  }

  /** All rows of all tables, as far as they are to be the same when the same was done again; by table. */
  async rows(): Promise<Record<string, string[]>> {
    return inOneTransaction(this.url, async (client) => {
      const rows: Record<string, string[]> = {};
      for (const { name } of await tablesIn(client)) {
        const claims = name === 'inbox' ? 'where step <> all($2)' : 'where $2::text[] is not null';
        const found = await client.query<{ row: string }>(
          `select (to_jsonb(t) - $1::text[])::text as row from public."${name}" t ${claims} order by 1`,
          [DIFFERS[name] ?? [], CLAIMS_OF_DUTIES],
        );
        rows[name] = found.rows.map(({ row }) => row);
      }
      return rows;
    });
  }
}

/** What differs between two readings, in words; at most some of it. A row that is there once more differs. */
export function differences(before: Record<string, string[]>, after: Record<string, string[]>): string[] {
  return Object.keys(before).flatMap((table) => {
    const [was, is] = [before[table]!, after[table] ?? []];
    const gone = without(was, is).map((row) => `${table} no longer has ${row}`);
    const more = without(is, was).map((row) => `${table} has now ${row}`);
    return [...gone.slice(0, 3), ...more.slice(0, 3)];
  });
}

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/**
 * What no comparison of departments shows: what waits to be sent, which goes out again and does no harm twice; that money
 * is on its way back or is there; under which key a request came.
 */
const NOBODY_ELSE_KNOWS = ['outbox', 'refunds', 'idempotency_keys'];

/** Those of these orders that a row speaks of which is in one reading only. */
export function ordersThatDiffer(
  before: Record<string, string[]>,
  after: Record<string, string[]>,
  orders: ReadonlySet<string>,
): string[] {
  const tables = Object.keys(before).filter((table) => !NOBODY_ELSE_KNOWS.includes(table));
  const rows = tables.flatMap((table) => {
    const [was, is] = [before[table]!, after[table] ?? []];
    return [...without(was, is), ...without(is, was)];
  });
  return [...new Set(rows.flatMap((row) => row.match(UUID) ?? []))].filter((id) => orders.has(id));
}

/** Without its ids a row may be there several times. */
function without(rows: readonly string[], others: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const row of others) left.set(row, (left.get(row) ?? 0) + 1);
  return rows.filter((row) => {
    const count = left.get(row) ?? 0;
    left.set(row, count - 1);
    return count <= 0;
  });
}

async function tablesIn(client: pg.Client): Promise<Table[]> {
  // What others refer to comes first.
  const { rows } = await client.query<Table>(
    `select table_name as name, string_agg(format('%I', column_name), ', ') as columns
       from information_schema.columns join information_schema.tables using (table_schema, table_name)
      where table_schema = 'public' and table_type = 'BASE TABLE' and is_generated = 'NEVER' and table_name <> all($1)
      group by table_name order by table_name <> 'redrives', table_name`,
    [[...OF_OTHERS, ...OF_MIGRATIONS]],
  );
  return rows;
}

async function inOneTransaction<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, application_name: 'recovery' });
  await client.connect();
  try {
    await client.query('begin isolation level repeatable read');
    const result = await work(client);
    await client.query('commit');
    return result;
  } finally {
    await client.end();
  }
}
