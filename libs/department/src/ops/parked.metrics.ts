import { Gauge, type Registry } from 'prom-client';
import type { DataSource } from 'typeorm';
import { sharedReading } from './backlog.js';

interface ParkedCount {
  readonly step: string;
  readonly cause: string;
  readonly count: number;
  readonly oldestSeconds: number;
}

interface ParkedReading {
  readonly parked: readonly ParkedCount[];
  readonly redrives: readonly { readonly state: string; readonly count: number }[];
}

/** A stranger's dead letter can name any step below the department's name; a metric must not grow with that. */
const SERIES_LIMIT = 200;

async function readParked(source: Pick<DataSource, 'query'>): Promise<ParkedReading> {
  const parked: ParkedCount[] = await source.query(
    `select step, cause, count(*)::int as count,
            extract(epoch from clock_timestamp() - min(parked_at))::float8 as "oldestSeconds"
       from parked where state = 'parked' group by step, cause order by count(*) desc limit ${SERIES_LIMIT}`,
  );
  const redrives: { state: string; count: number }[] = await source.query(
    `select state, count(r.id)::int as count
       from unnest(array['running', 'paused']) as s(state) left join redrives r using (state) group by state`,
  );
  return { parked, redrives };
}

/** Parked messages by step and cause, and re-drives under way; absent while the database is away. */
export function exposeParked(registry: Registry, source: Pick<DataSource, 'query'>): void {
  const read = sharedReading(() => readParked(source));
  const gauge = <Label extends string>(
    name: string,
    help: string,
    labelNames: Label[],
    show: (gauge: Gauge<Label>, reading: ParkedReading) => void,
  ) =>
    new Gauge({
      name,
      help,
      labelNames,
      registers: [registry],
      async collect() {
        const reading = await read();
        this.reset();
        if (reading) show(this, reading);
      },
    });
  gauge('retaguarda_parked_messages', 'Parked messages by step and cause', ['step', 'cause'], (shown, { parked }) =>
    parked.forEach(({ step, cause, count }) => shown.set({ step, cause }, count)),
  );
  gauge(
    'retaguarda_parked_oldest_seconds',
    'Age of the oldest parked message',
    ['step', 'cause'],
    (shown, { parked }) =>
      parked.forEach(({ step, cause, oldestSeconds }) => shown.set({ step, cause }, oldestSeconds)),
  );
  gauge('retaguarda_redrives', 'Re-drives that run or are paused', ['state'], (shown, { redrives }) =>
    redrives.forEach(({ state, count }) => shown.set({ state }, count)),
  );
}
