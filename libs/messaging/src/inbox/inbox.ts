import type { Tx } from '@retaguarda/database';

/**
 * Claims messages for a step in the handler's own transaction and returns the keys that were not claimed before.
 * A claim in another open transaction is waited for. Keys are sorted so that two batches cannot wait for each other.
 * Throws if the database kept a key as another one: its message would count as handled without having been.
 */
export async function claim(tx: Tx, step: string, keys: readonly string[]): Promise<Set<string>> {
  const rows = await tx.query<{ message_key: string }>(
    `insert into inbox (step, message_key) select $1, unnest($2::text[])
     on conflict do nothing returning message_key`,
    [step, [...keys].sort()],
  );
  const asked = new Set(keys);
  for (const row of rows)
    if (!asked.has(row.message_key)) throw new Error(`${step}: the inbox keeps a key that nobody asked for.`);
  return new Set(rows.map((row) => row.message_key));
}

/** Gives claims back within the same transaction, for messages that turned out to be too early. */
export async function unclaim(tx: Tx, step: string, keys: readonly string[]): Promise<void> {
  await tx.query('delete from inbox where step = $1 and message_key = any($2::text[])', [step, keys]);
}

/** Forgets at most `limit` technical claims older than `days`; business keys protect for ever. Returns how many. */
export async function pruneInbox(tx: Tx, days: number, limit = 10_000): Promise<number> {
  const [gone] = await tx.query<{ count: number }>(
    `with gone as (
       delete from inbox where ctid = any(array(
         select ctid from inbox where handled_at < $1::timestamptz - make_interval(days => $2) limit $3)) returning 1)
     select count(*)::int as count from gone`,
    [tx.now, days, limit],
  );
  return gone!.count;
}
