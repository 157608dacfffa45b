import type { Tx } from '@retaguarda/database';
import type { DataSource } from 'typeorm';

/** After so many starts without an end, a message is taken to kill its process and is parked. */
export const START_LIMIT = 5;

/** How often each of these messages was started without being finished. */
export async function startsOf(
  source: DataSource,
  step: string,
  keys: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const rows = (await source.query(
    'select message_key, started from suspects where step = $1 and message_key = any($2::text[])',
    [step, keys],
  )) as { message_key: string; started: number }[];
  return new Map(rows.map((row) => [row.message_key, row.started]));
}

/** Counts a start, committed before the work begins: what is not finished stays counted. A key that comes twice counts once. */
export async function countStarts(source: DataSource, step: string, keys: readonly string[]): Promise<void> {
  await source.query(
    `insert into suspects (step, message_key, started) select $1, unnest($2::text[]), 1
     on conflict (step, message_key) do update set started = suspects.started + 1, last_started_at = now()`,
    [step, [...new Set(keys)].sort()],
  );
}

/** Takes the count back within the transaction that finishes, defers or parks the messages. */
export async function clearSuspects(tx: Tx, step: string, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return;
  await tx.query('delete from suspects where step = $1 and message_key = any($2::text[])', [step, keys]);
}
