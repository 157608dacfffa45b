import { loggedError } from '@retaguarda/database';
import { Socket } from 'node:net';
import pg from 'pg';
import { CannotAudit } from './cannot-audit.js';
import type { DepartmentName } from './running-system.js';

const CONNECT_TIMEOUT_MS = 5_000;
const STATEMENT_TIMEOUT_MS = 120_000;
/** Whoever has no answer by then has lost the server without being told. */
const ANSWER_TIMEOUT_MS = STATEMENT_TIMEOUT_MS + 10_000;
/** A snapshot waits while the others are read. One that is forgotten would keep the server from tidying up. */
const IDLE_TIMEOUT_MS = 300_000;
/** A migration that holds a table makes the audit give up; it does not make others queue behind the audit. */
const LOCK_TIMEOUT_MS = 5_000;
const GOODBYE_MS = 2_000;
const PAGE_ROWS = 2_000;
const UNDEFINED_TABLE = '42P01';

const OPTIONS = {
  default_transaction_read_only: 'on',
  statement_timeout: STATEMENT_TIMEOUT_MS,
  idle_in_transaction_session_timeout: IDLE_TIMEOUT_MS,
  lock_timeout: LOCK_TIMEOUT_MS,
  // A cursor is read to its end, so the plan must be the one that ends first; 1 is not the default.
  cursor_tuple_fraction: 1,
};

/** One department's database at one moment: every query sees the same commit. Reads and can do nothing else. */
export class Snapshot {
  private cursors = 0;

  private constructor(
    readonly department: DepartmentName,
    private readonly client: pg.Client,
    private readonly socket: Socket,
    private readonly stopped: AbortSignal | undefined,
  ) {}

  /**
   * Throws {@link CannotAudit} if the database cannot be reached. When `stopped` is aborted the connection is cut: what
   * is under way fails at once.
   */
  static async take(department: DepartmentName, url: string, stopped?: AbortSignal): Promise<Snapshot> {
    const socket = new Socket();
    const client = new pg.Client({
      connectionString: url,
      application_name: 'retaguarda-audit',
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      query_timeout: ANSWER_TIMEOUT_MS,
      options: Object.entries(OPTIONS)
        .map(([name, value]) => `-c ${name}=${value}`)
        .join(' '),
      stream: () => socket,
    });
    // A connection that is lost fails the next query, which tells it.
    client.on('error', () => undefined);
    const snapshot = new Snapshot(department, client, socket, stopped);
    stopped?.addEventListener('abort', snapshot.cut);
    try {
      await snapshot.telling(client.connect());
      await snapshot.rows('begin isolation level repeatable read read only');
      // The snapshot is taken by the first statement that reads, not by "begin".
      await snapshot.rows('select 1');
      return snapshot;
    } catch (error) {
      await snapshot.close();
      throw error;
    }
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
    const late = setTimeout(this.cut, GOODBYE_MS);
    await this.client.end().catch(() => undefined);
    clearTimeout(late);
    this.stopped?.removeEventListener('abort', this.cut);
  }

  private readonly cut = (): void => void this.socket.destroy();

  private async telling<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      if (this.stopped?.aborted) throw new CannotAudit('The audit was stopped.');
      throw CannotAudit.reading({ department: this.department, reason: wordsOf(error) });
    }
  }
}

/** Without values of rows: an audit that failed is shown to everybody who may see an audit. */
function wordsOf(error: unknown): string {
  const { code } = error as { code?: string };
  const { message } = loggedError(error);
  if (code === UNDEFINED_TABLE) return `${message}; has the department been started with it, so that it is migrated?`;
  return message || code || String(error);
}
