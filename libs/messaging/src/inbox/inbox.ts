import type { Tx } from '@retaguarda/database';

/**
 * Claims messages for a step in the handler's own transaction and returns the keys that were not claimed before.
 * A claim in another open transaction is waited for. Keys are sorted so that two batches cannot wait for each other.
 * Throws for a key that the database would keep as another one: its message would count as handled without having been.
 */
export async function claim(tx: Tx, step: string, keys: readonly string[]): Promise<Set<string>> {
  const asked = new Set(keys);
  for (const key of asked)
    if (!key.isWellFormed()) throw new Error(`${step}: the inbox would keep another key than ${JSON.stringify(key)}.`);
  // All are new nearly always, and then none has to come back.
  const [row] = await tx.query<{ claimed: string[] | null }>(
    `with claimed as (
       insert into inbox (step, message_key) select $1, unnest($2::text[]) on conflict do nothing returning message_key)
     select case when count(*) < $3 then coalesce(array_agg(message_key), '{}') end as claimed from claimed`,
    [step, [...asked].sort(), asked.size],
  );
  return row!.claimed ? new Set(row!.claimed) : asked;
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
