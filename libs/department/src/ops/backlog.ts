import { Gauge, type Registry } from 'prom-client';
import type { DataSource } from 'typeorm';

/** What waits inside the department's own database. Ages in seconds. */
export interface Backlog {
  readonly unsent: number;
  readonly oldestUnsentSeconds: number;
  readonly deferred: number;
  readonly oldestDeferredSeconds: number;
  readonly parked: number;
}

const ANSWER_WITHIN_MS = 2_000;

export async function backlogOf(source: DataSource): Promise<Backlog> {
  const [row] = (await source.query(`
    select (select count(*)::int from outbox) as unsent,
           (select coalesce(extract(epoch from clock_timestamp() - min(created_at)), 0)::float8 from outbox) as "oldestUnsentSeconds",
           (select count(*)::int from deferred) as deferred,
           (select coalesce(extract(epoch from clock_timestamp() - min(first_failed_at)), 0)::float8 from deferred) as "oldestDeferredSeconds",
           (select count(*)::int from parked where state = 'parked') as parked`)) as Backlog[];
  return row!;
}

/** Gauges that are read from the database when Prometheus asks; without the database they are absent, not wrong. */
export function exposeBacklog(registry: Registry, source: Pick<DataSource, 'query'>): void {
  const read = sharedReading(() => backlogOf(source as DataSource));
  const gauge = (name: string, help: string, pick: (backlog: Backlog) => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      async collect() {
        const backlog = await read();
        if (backlog) this.set(pick(backlog));
        else this.remove();
      },
    });
  gauge('retaguarda_outbox_unsent', 'Outbox rows not confirmed yet', ({ unsent }) => unsent);
  gauge('retaguarda_outbox_oldest_seconds', 'Age of the oldest unsent row', (b) => b.oldestUnsentSeconds);
  gauge('retaguarda_deferred', 'Messages waiting for another attempt', ({ deferred }) => deferred);
  gauge('retaguarda_deferred_oldest_seconds', 'Age of the oldest deferral', (b) => b.oldestDeferredSeconds);
  gauge('retaguarda_parked', 'Messages that need a person', ({ parked }) => parked);
}

/** One query at a time, shared by all gauges of a scrape; undefined when the database does not answer soon. */
export function sharedReading<T>(read: () => Promise<T>): () => Promise<T | undefined> {
  let reading: Promise<T | undefined> | undefined;
  return async () => {
    reading ??= read()
      .catch(() => undefined)
      .finally(() => (reading = undefined));
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => (timer = setTimeout(() => resolve(undefined), ANSWER_WITHIN_MS)));
    return Promise.race([reading, late]).finally(() => clearTimeout(timer));
  };
}
