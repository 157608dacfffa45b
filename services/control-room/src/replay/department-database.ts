import { writeReplays } from '@retaguarda/messaging';
import pg from 'pg';
import { CannotReplay } from './cannot-replay.js';
import type { GivenBack, IsKnown, Plan } from './plan.js';

const CONNECT_TIMEOUT_MS = 5_000;
const UNDEFINED_TABLE = '42P01';
const KEYS_AT_ONCE = 5_000;

/** The database of the department that is to be healed. */
export class DepartmentDatabase {
  private constructor(
    private readonly department: string,
    private readonly client: pg.Client,
  ) {}

  /** Throws {@link CannotReplay} if it cannot be reached, or is from before there was a journal. */
  static async open(department: string, url: string): Promise<DepartmentDatabase> {
    const client = new pg.Client({
      ...{ connectionString: url, application_name: 'retaguarda-replay', connectionTimeoutMillis: CONNECT_TIMEOUT_MS },
    });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.query('select 1 from replays limit 1');
    } catch (error) {
      await client.end().catch(() => undefined);
      const why =
        (error as { code?: string }).code === UNDEFINED_TABLE
          ? 'it has no table replays: start the department once, so that it has its tables of today'
          : (error as Error).message;
      throw new CannotReplay(`The database of ${department} cannot be used: ${why}.`);
    }
    return new DepartmentDatabase(department, client);
  }

  async isAtWork(): Promise<boolean> {
    const { rowCount } = await this.client.query(
      `select from pg_stat_activity where datname = current_database() and application_name = $1`,
      [`retaguarda ${this.department}`],
    );
    return (rowCount ?? 0) > 0;
  }

  /** Which of these messages the inbox has. */
  handled(keys: ReadonlyMap<string, readonly string[]>): Promise<IsKnown> {
    return this.known(keys, 'select message_key as key from inbox where step = $1 and message_key = any($2::text[])');
  }

  /**
   * Which of them wait, or are a person's: parked, and also discarded or replaced. A dead letter is parked under a key of
   * its own, and known by its message id.
   */
  aside(keys: ReadonlyMap<string, readonly string[]>): Promise<IsKnown> {
    return this.known(
      keys,
      `select message_key as key from deferred where step = $1 and message_key = any($2::text[])
       union select unnest(array[message_key, message_id]) from parked
              where step = $1 and (message_key = any($2::text[]) or message_id = any($2::text[])) and state <> 'redriven'`,
    );
  }

  /** How many transactions wait to be done again, and why those that were tried could not be. */
  async waiting(): Promise<{ count: number; problems: string[] }> {
    const { rows } = await this.client.query<{ step: string; problem: string | null }>(
      'select step, problem from replays order by position',
    );
    return {
      count: rows.length,
      problems: rows.flatMap(({ step, problem }) => (problem ? [`${step}: ${problem}`] : [])),
    };
  }

  /** All or nothing. */
  async write({ replays, givenBack }: Plan): Promise<void> {
    await this.client.query('begin');
    await writeReplays(this.client, replays);
    for (const one of givenBack) await this.giveBack(one);
    await this.client.query('commit');
  }

  close(): Promise<void> {
    return this.client.end();
  }

  private async giveBack({ step, message }: GivenBack): Promise<void> {
    const { key, exchange, routingKey, contentType, messageId, headers, base64 } = message;
    await this.client.query(
      `insert into deferred (step, message_key, exchange, routing_key, content_type, message_id, headers, body,
                             attempts, reason, first_failed_at, next_attempt_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, 0, 'given back in a recovery', clock_timestamp(), clock_timestamp())
       on conflict (step, message_key) do nothing`,
      [step, key, exchange, routingKey, contentType, messageId, headers, Buffer.from(base64, 'base64')],
    );
  }

  private async known(keys: ReadonlyMap<string, readonly string[]>, sql: string): Promise<IsKnown> {
    const known = new Set<string>();
    for (const [step, all] of keys)
      for (let start = 0; start < all.length; start += KEYS_AT_ONCE) {
        const { rows } = await this.client.query<{ key: string }>(sql, [step, all.slice(start, start + KEYS_AT_ONCE)]);
        for (const { key } of rows) known.add(`${step} ${key}`);
      }
    return (step, key) => known.has(`${step} ${key}`);
  }
}
