import type pg from 'pg';
import { UNTOLD_ITEMS } from '../company/untold-items.js';
import type { DepartmentName } from './company.js';
import type { EmbeddedPostgres } from './embedded-postgres.js';

/** An event as it was committed to an outbox. */
export interface Committed {
  readonly id: string;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What a department's database says beside its business. */
export interface Reading {
  readonly name: DepartmentName;
  readonly unsent: number;
  readonly deferred: number;
  readonly suspected: number;
  /** Parked messages, each with its cause. */
  readonly parked: readonly string[];
  /** What the department still has to do by itself. */
  readonly unfinished: number;
}

const NOTHING = 'select 0';
const UNFINISHED: Readonly<Record<DepartmentName, string>> = {
  sales: NOTHING,
  stock: `select count(*) from ${UNTOLD_ITEMS}`,
  fulfillment: `select count(*) from pick_lists where status in ('open', 'picking', 'ready')`,
  invoicing: NOTHING,
  billing: `select (select count(*) from charges c join receivables r on r.id = c.receivable_id
                     where c.state in ('pending', 'unknown') or c.state = 'requested' and r.status = 'open')
                 + (select count(*) from refunds where state = 'requested')`,
};

/** The simulation's own look at a department's database. */
export class Reader {
  private readUpTo = 0;
  private emptying: string | undefined;
  private last: { readonly reading: Reading; readonly uses: number } | undefined;

  private constructor(
    readonly name: DepartmentName,
    private readonly client: pg.Client,
    private readonly source: { readonly uses: number },
  ) {}

  /** @param source the only one that writes to this database */
  static async open(
    name: DepartmentName,
    { access: { Client, ...access } }: EmbeddedPostgres,
    source: { readonly uses: number },
  ): Promise<Reader> {
    const client = new Client(access as never);
    await client.connect();
    return new Reader(name, client, source);
  }

  async close(): Promise<void> {
    await this.client.end();
  }

  async rows<Row>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    return (await this.client.query(sql, [...parameters])).rows as Row[];
  }

  /** What a database says does not depend on the time, so it is asked again only after the department used it. */
  async reading(): Promise<Reading> {
    const { uses } = this.source;
    if (this.last?.uses !== uses) this.last = { reading: await this.read(), uses };
    return this.last.reading;
  }

  private async read(): Promise<Reading> {
    const [row] = await this.rows<Omit<Reading, 'name'>>(
      `select (select count(*) from outbox)::int as unsent, (select count(*) from deferred)::int as deferred,
              (select count(*) from suspects)::int as suspected, (${UNFINISHED[this.name]})::int as unfinished,
              (select coalesce(json_agg(step || ': ' || cause || ' ' || reasons::text), '[]') from parked
                where state = 'parked') as parked`,
    );
    return { name: this.name, ...row! };
  }

  /** What was committed to the outbox since the last call, in the order of commits. */
  async committed(): Promise<Committed[]> {
    const rows = await this.rows<{ n: string; envelopes: Committed[] }>(
      'select n, envelopes from simulated.journal where n > $1 order by n',
      [this.readUpTo],
    );
    this.readUpTo = Number(rows.at(-1)?.n ?? this.readUpTo);
    return rows.flatMap(({ envelopes }) => envelopes);
  }

  /** Makes all tables empty, for small ones are fast, and gives back the room of what was there. */
  async clear(): Promise<void> {
    this.emptying ??= await this.statementThatEmpties();
    await this.rows(this.emptying);
    this.last = undefined;
    if (this.name === 'invoicing') await this.rows('update series set next_number = 1');
    await this.rows('checkpoint');
  }

  private async statementThatEmpties(): Promise<string> {
    const tables = await this.rows<{ name: string }>(
      `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
        where table_schema in ('public', 'simulated') and table_type = 'BASE TABLE'
          and table_name not in ('migrations', 'series')`,
    );
    return `truncate ${tables.map(({ name }) => name).join(', ')}`;
  }
}
