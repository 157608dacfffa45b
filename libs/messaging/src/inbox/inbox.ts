import type { Tx } from '@retaguarda/database';

/**
 * Claims messages for a step in the handler's own transaction and returns the keys that were not claimed before.
 * A claim in another open transaction is waited for. Keys are sorted so that two batches cannot wait for each other.
 */
export async function claim(tx: Tx, step: string, keys: readonly string[]): Promise<Set<string>> {
  const rows = await tx.query<{ message_key: string }>(
    `insert into inbox (step, message_key) select $1, unnest($2::text[])
     on conflict do nothing returning message_key`,
    [step, [...keys].sort()],
  );
  return new Set(rows.map((row) => row.message_key));
}

/** Gives claims back within the same transaction, for messages that turned out to be too early. */
export async function unclaim(tx: Tx, step: string, keys: readonly string[]): Promise<void> {
  await tx.query('delete from inbox where step = $1 and message_key = any($2::text[])', [step, keys]);
}

/** Forgets technical claims older than `days`; business keys keep protecting after that. Returns how many. */
export async function pruneInbox(tx: Tx, days: number): Promise<number> {
  const rows = await tx.query(
    `delete from inbox where handled_at < $1::timestamptz - make_interval(days => $2) returning 1`,
    [tx.now, days],
  );
  return rows.length;
}
