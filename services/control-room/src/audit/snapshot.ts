import pg from 'pg';
import { CannotAudit } from './cannot-audit.js';
import type { DepartmentName } from './running-system.js';

const CONNECT_TIMEOUT_MS = 5_000;
const STATEMENT_TIMEOUT_MS = 120_000;
const PAGE_ROWS = 2_000;
const UNDEFINED_TABLE = '42P01';

/** One department's database at one moment: every query sees the same commit. Reads and can do nothing else. */
export class Snapshot {
  private cursors = 0;

  private constructor(
    readonly department: DepartmentName,
    private readonly client: pg.Client,
  ) {}

  /** Throws {@link CannotAudit} if the database cannot be reached. */
  static async take(department: DepartmentName, url: string): Promise<Snapshot> {
    const client = new pg.Client({
      connectionString: url,
      application_name: 'retaguarda-audit',
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      // A cursor is read to its end, so the plan must be the one that ends first; 1 is not the default.
      options: `-c default_transaction_read_only=on -c statement_timeout=${STATEMENT_TIMEOUT_MS} -c cursor_tuple_fraction=1`,
    });
    // A connection that is lost fails the next query, which tells it.
    client.on('error', () => undefined);
    const snapshot = new Snapshot(department, client);
    await snapshot.telling(client.connect());
    await snapshot.rows('begin isolation level repeatable read read only');
    // The snapshot is taken by the first statement that reads, not by "begin".
    await snapshot.rows('select 1');
    return snapshot;
  }

  async rows<Row>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    const { rows } = await this.telling(this.client.query(sql, [...parameters]));
    return rows as Row[];
  }

  /** The rows in pages, through a cursor: neither side holds all of them. */
  async *pages<Row>(sql: string, parameters: readonly unknown[] = []): AsyncGenerator<Row[], void, void> {
    this.cursors += 1;
    const cursor = `facts_${this.cursors}`;
    await this.rows(`declare ${cursor} no scroll cursor for ${sql}`, parameters);
    for (;;) {
      const page = await this.rows<Row>(`fetch ${PAGE_ROWS} from ${cursor}`);
      if (page.length > 0) yield page;
      if (page.length < PAGE_ROWS) break;
    }
    await this.rows(`close ${cursor}`);
  }

  async close(): Promise<void> {
    await this.client.end().catch(() => undefined);
  }

  private async telling<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      throw new CannotAudit(`The database of ${this.department} cannot be read: ${wordsOf(error)}`);
    }
  }
}

function wordsOf(error: unknown): string {
  const { code, message } = error as { code?: string; message?: string };
  if (code === UNDEFINED_TABLE) return `${message}; has the department been started with it, so that it is migrated?`;
  return message || code || String(error);
}
