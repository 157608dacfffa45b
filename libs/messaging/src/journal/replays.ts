import type { DataSource } from 'typeorm';
import type { WorkCause } from './journal.js';

/** A message of a transaction that is to be done again. `base64` is its body. */
export interface ReplayedMessage {
  readonly key: string;
  readonly exchange: string;
  readonly routingKey: string;
  readonly contentType?: string | undefined;
  readonly messageId?: string | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly base64: string;
}

/** A transaction of before the database was set back, as it waits in `replays`. */
export interface Replay {
  /** Of the journal's entry. */
  readonly id: string;
  readonly step: string;
  readonly cause: WorkCause;
  readonly at: Date;
  readonly messages: readonly ReplayedMessage[];
  readonly answers: readonly unknown[] | null;
  /** The envelopes that it emitted. */
  readonly events: readonly { readonly id: string }[];
}

/** As much of a database client as this needs: TypeORM's, or a plain one. */
export interface Sql {
  query(sql: string, parameters?: unknown[]): Promise<unknown>;
}

/** Puts transactions behind those that wait already, in this order; one that waits is left as it is. */
export async function writeReplays(sql: Sql, replays: readonly Replay[]): Promise<void> {
  for (const { id, step, cause, at, messages, answers, events } of replays)
    await sql.query(
      `insert into replays (entry_id, step, cause, at, messages, answers, events) values ($1, $2, $3, $4, $5, $6, $7)
       on conflict (entry_id) do nothing`,
      [id, step, cause, at, JSON.stringify(messages), answers && JSON.stringify(answers), JSON.stringify(events)],
    );
}

/** How many wait, and why those that were tried without success still do. */
export async function waitingReplays(source: DataSource): Promise<{ count: number; problems: readonly string[] }> {
  const rows = (await source.query('select step, problem from replays order by position')) as {
    step: string;
    problem: string | null;
  }[];
  return {
    count: rows.length,
    problems: rows.flatMap(({ step, problem }) => (problem ? [`${step}: ${problem}`] : [])),
  };
}

/** The ids of all that wait, in the journal's order. */
export async function replayIds(source: DataSource): Promise<string[]> {
  const rows = (await source.query('select entry_id as id from replays order by position')) as { id: string }[];
  return rows.map(({ id }) => id);
}

export async function findReplay(source: DataSource, id: string): Promise<Replay | undefined> {
  const [row] = (await source.query(
    'select entry_id as id, step, cause, at, messages, answers, events from replays where entry_id = $1',
    [id],
  )) as Replay[];
  return row;
}

export async function replayDone(source: DataSource, id: string): Promise<void> {
  await source.query('delete from replays where entry_id = $1', [id]);
}

export async function replayFailed(source: DataSource, id: string, problem: string): Promise<void> {
  await source.query('update replays set problem = $2 where entry_id = $1', [id, problem.slice(0, 1_000)]);
}
