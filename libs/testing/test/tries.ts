import type { QueryRunner } from 'typeorm';
import { eventually } from '../src/index.js';

/** Waits until as many transactions of the database, one after the other or at once, have waited for a lock. */
export async function triesSeen(holder: QueryRunner, count: number): Promise<void> {
  const begun = `select pid, xact_start::text as at from pg_stat_activity
                  where datname = current_database() and wait_event_type = 'Lock'`;
  const tries = new Set<string>();
  await eventually(
    async () => {
      await holder.query('select pg_stat_clear_snapshot()');
      for (const { pid, at } of (await holder.query(begun)) as { pid: number; at: string }[]) tries.add(`${pid} ${at}`);
      return tries.size;
    },
    (seen) => seen >= count,
  );
}
