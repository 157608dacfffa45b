import { readFileSync } from 'node:fs';
import { departments } from '../../company/programs.js';
import type { Fault, Scene } from '../fault.js';

const LASTS_MS = 45_000;
const MOST_MEMORY_MB = 250;
const MOST_GROWTH_MB = 60;
const MOST_TABLE_MB = 20;

export const soak: Fault = {
  id: 'F16',
  title: 'soak',
  does: 'nothing but orders for 45 s: memory of each service, size of the tables that empty themselves and time to completion, at the start and at the end',
  heals: 'nothing is to be healed',
  turns: ['45 s'],
  red: () => 'none',
  async strike(scene) {
    const before = memoryOf(scene);
    const from = new Date();
    await scene.pause(LASTS_MS);
    judgeMemory(scene, before, memoryOf(scene));
    await judgeTables(scene);
    await judgeTimes(scene, from);
    return () => Promise.resolve();
  },
};

/** Resident MB of each department. */
function memoryOf({ company }: Scene): number[] {
  return departments.map((name) => {
    const status = readFileSync(`/proc/${company.department(name).pid}/status`, 'utf8');
    return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1_024);
  });
}

function judgeMemory({ note, complain }: Scene, before: readonly number[], after: readonly number[]): void {
  note(`resident MB ${departments.map((name, at) => `${name} ${before[at]} → ${after[at]}`).join(', ')}`);
  departments.forEach((name, at) => {
    if (after[at]! > MOST_MEMORY_MB) complain(`${name} takes ${after[at]} MB`);
    if (after[at]! - before[at]! > MOST_GROWTH_MB) complain(`${name} grew by ${after[at]! - before[at]!} MB`);
  });
}

async function judgeTables({ company, note, complain }: Scene): Promise<void> {
  const sizes: string[] = [];
  for (const name of departments) {
    const [row] = await company.sql<{ mb: number }>(
      name,
      `select (sum(pg_total_relation_size(t::regclass)) / 1048576)::float8 as mb
         from unnest(array['outbox', 'deferred', 'suspects']) as t`,
    );
    sizes.push(`${name} ${row!.mb.toFixed(1)}`);
    if (row!.mb > MOST_TABLE_MB) complain(`outbox, deferred and suspects of ${name} take ${row!.mb.toFixed(1)} MB`);
  }
  note(`MB of outbox, deferred and suspects: ${sizes.join(', ')}`);
}

/** Of orders that are paid at once: a boleto waits for its bank. */
async function judgeTimes({ company, note, complain }: Scene, from: Date): Promise<void> {
  const thirds = await company.sql<{ third: number; p50: number; p99: number }>(
    'sales',
    `select third, percentile_cont(0.5) within group (order by s)::float8 as p50,
            percentile_cont(0.99) within group (order by s)::float8 as p99
       from (select ntile(3) over (order by placed_at) as third, extract(epoch from completed_at - placed_at) as s from orders
              where completed_at is not null and placed_at > $1 and sheet->'payment'->>'method' <> 'boleto') t
      group by third order by third`,
    [from],
  );
  const words = thirds.map(({ p50, p99 }) => `p50 ${p50.toFixed(2)} s, p99 ${p99.toFixed(2)} s`);
  note(`order to completion by thirds of the time: ${words.join('; ')}`);
  const [first, last] = [thirds[0], thirds.at(-1)];
  if (first && last && last.p99 > 3 * first.p99 + 1) complain(`p99 went from ${first.p99} s to ${last.p99} s`);
}
