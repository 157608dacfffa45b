import { readdirSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Infrastructure } from '@retaguarda/infrastructure';
import { dropDatabase, dropVhost, ensureDatabase, ensureVhost } from '@retaguarda/infrastructure';
import { messagingMigrations } from '@retaguarda/messaging';
import pg from 'pg';
import { SKUS, skuOf } from '../orders/synthetic-orders.js';
import { departments } from './departments.js';
import type { DepartmentName } from './departments.js';

type Servers = Pick<Infrastructure, 'broker' | 'database'>;

/** A virtual host and five databases of one contender alone: nothing is left of those before it. */
export class Ground {
  /** Kept open, so that a question in the middle of a measurement costs no new session. */
  private readonly clients = new Map<string, Promise<pg.Client>>();

  private constructor(
    private readonly servers: Servers,
    private readonly name: string,
    readonly rabbitUrl: string,
    readonly databases: Readonly<Record<DepartmentName, string>>,
  ) {}

  static async fresh(servers: Servers, key: string): Promise<Ground> {
    const name = `bench_${key}`;
    await removed(servers, name);
    const rabbitUrl = await ensureVhost(servers.broker, name);
    const databases = {} as Record<DepartmentName, string>;
    for (const each of departments) databases[each] = await ensureDatabase(servers.database, `${name}_${each}`);
    return new Ground(servers, name, rabbitUrl, databases);
  }

  async remove(): Promise<void> {
    for (const client of this.clients.values()) await (await client).end();
    await removed(this.servers, this.name);
  }

  /** All tables of the departments, by their migrations. Those of the pipeline stay empty where nobody uses them. */
  async makeTables(): Promise<void> {
    const pipeline = await statementsOf(messagingMigrations);
    for (const name of departments)
      for (const statement of [...pipeline, ...(await migrationsOf(name))]) await this.sql(name, statement);
  }

  /** Enough of every item for every order there can be. */
  async receiveStock(): Promise<void> {
    const items = Array.from({ length: SKUS }, (_, item) => skuOf(item));
    await this.sql('stock', `insert into items (sku, name) select unnest($1::text[]), 'Synthetic item'`, [items]);
    await this.sql(
      'stock',
      `with placed as (insert into levels (sku, location, on_hand, reserved)
                       select unnest($1::text[]), 'main', 100000000, 0 returning sku, location, on_hand)
       insert into movements (sku, location, kind, quantity, reference, moved_at)
       select sku, location, 'receipt', on_hand, 'bench', now() from placed`,
      [items],
    );
  }

  /** Flushes what others have written, so that nobody pays for it later. */
  checkpoint(): Promise<unknown> {
    return this.query(this.servers.database.adminUrl, 'checkpoint');
  }

  /** Committed transactions of all five databases. Sessions report theirs within ten seconds. */
  async commits(): Promise<number> {
    const [row] = await this.query<{ commits: number }>(
      this.servers.database.adminUrl,
      'select sum(xact_commit)::int as commits from pg_stat_database where datname = any($1)',
      [departments.map((each) => `${this.name}_${each}`)],
    );
    return row!.commits;
  }

  sql<Row>(name: DepartmentName, text: string, parameters: unknown[] = []): Promise<Row[]> {
    return this.query<Row>(this.databases[name], text, parameters);
  }

  private async query<Row>(url: string, text: string, parameters?: unknown[]): Promise<Row[]> {
    const client = this.clients.get(url) ?? connected(url);
    this.clients.set(url, client);
    const { rows } = await (await client).query(text, parameters);
    return (rows ?? []) as Row[];
  }
}

async function removed({ broker, database }: Servers, name: string): Promise<void> {
  await dropVhost(broker, name);
  for (const each of departments) await dropDatabase(database, `${name}_${each}`);
}

async function connected(connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

interface Migration {
  up(runner: { query(text: string): Promise<void> }): Promise<void>;
}
type Migrations = readonly (new () => Migration)[];

/** What the built migrations of a department would run. */
async function migrationsOf(name: DepartmentName): Promise<string[]> {
  const folder = fileURLToPath(new URL(`../../../../${name}/dist/migrations/`, import.meta.url));
  const statements: string[] = [];
  for (const file of readdirSync(folder)
    .sort()
    .filter((each) => each.endsWith('.js'))) {
    const module = (await import(pathToFileURL(folder + file).href)) as Record<string, new () => Migration>;
    statements.push(...(await statementsOf(Object.values(module))));
  }
  return statements;
}

async function statementsOf(migrations: Migrations): Promise<string[]> {
  const statements: string[] = [];
  const runner = { query: (text: string) => Promise.resolve(void statements.push(text)) };
  for (const Migration of migrations) await new Migration().up(runner);
  return statements;
}
