import { Command } from 'commander';
import { ensureDatabase, findDatabase, type Database } from '@retaguarda/infrastructure';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { departmentNames } from './company.js';
import type { Assignment, Told } from './lane.js';
import { Simulation, type Outcome, type Urls } from './simulation.js';

const repository = fileURLToPath(new URL('../../../../', import.meta.url));
const HOUR_MS = 3_600_000;

interface Wishes {
  readonly schedules?: string;
  readonly minutes?: string;
  readonly seed: string;
  readonly replay?: string;
  readonly lanes: string;
}

const wishes = new Command('simulate')
  .description('Plays seeded schedules of the whole company against a simulated broker and clock.')
  .option('--schedules <count>', 'how many schedules at most')
  .option('--minutes <minutes>', 'for how long at most')
  .option('--seed <seed>', 'of the run; the same seed plays the same schedules', String(Date.now() % 1_000_000))
  .option('--replay <seed>', 'plays one schedule again and prints what happens')
  .option('--lanes <count>', 'processes', String(availableParallelism()))
  .parse()
  .opts<Wishes>();

const { server, stop } = await findDatabase({
  stateDir: process.env['RETAGUARDA_SIMULATION_DIR'] ?? join(repository, '.retaguarda', 'simulation'),
  report: (line) => console.error(line),
});
try {
  process.exitCode = (await (wishes.replay === undefined ? run() : replay(Number(wishes.replay)))) ? 0 : 1;
} finally {
  await stop();
}

async function urlsFor(database: Database, lane: number): Promise<Urls> {
  const urls: Record<string, string> = {};
  for (const name of departmentNames) urls[name] = await ensureDatabase(database, `simulated_${lane}_${name}`);
  return urls as Urls;
}

async function replay(seed: number): Promise<boolean> {
  const simulation = await Simulation.open(await urlsFor(server, 0));
  const outcome = await simulation.play(seed);
  await simulation.close();
  print(outcome);
  return outcome.violations.length === 0;
}

async function run(): Promise<boolean> {
  const lanes = Number(wishes.lanes);
  const begin = Date.now();
  const assigned = {
    seed: Number(wishes.seed),
    step: lanes,
    schedules: Number(wishes.schedules ?? (wishes.minutes ? Infinity : 1_000)),
    until: begin + (wishes.minutes ? Number(wishes.minutes) * 60_000 : HOUR_MS * 24),
  };
  console.log(`seed ${wishes.seed}, ${lanes} lanes`);
  const sum = { played: 0, orders: 0, crashes: 0, failed: 0 };
  const hear = (told: Told) => {
    if ('failed' in told) {
      sum.failed += 1;
      if (sum.failed <= 3) print(told.failed);
      else console.log(`schedule ${told.failed.seed} fails too`);
    } else {
      sum.played += told.played;
      sum.orders += told.orders;
      sum.crashes += told.crashes;
    }
  };
  await Promise.all(
    Array.from({ length: lanes }, async (_, first) => {
      await inOwnProcess(
        { ...assigned, schedules: Math.min(assigned.schedules, 1e12), first, urls: await urlsFor(server, first) },
        hear,
      );
    }),
  );
  const minutes = (Date.now() - begin) / 60_000;
  console.log(
    `${sum.played} schedules with ${sum.orders} orders and ${sum.crashes} crashes in ${minutes.toFixed(1)} minutes: ` +
      `${Math.round(sum.played / minutes)} a minute; ${sum.failed} failed`,
  );
  return sum.failed === 0 && sum.played > 0;
}

async function inOwnProcess(assignment: Assignment, hear: (told: Told) => void): Promise<void> {
  const lane = fork(fileURLToPath(new URL('./lane.js', import.meta.url)));
  lane.on('message', hear);
  lane.send(assignment);
  const [code] = (await once(lane, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`a lane ended with ${code}`);
}

function print({ seed, violations, trace }: Outcome): void {
  console.log(`\nschedule ${seed}:`);
  for (const line of trace) console.log(`  ${line}`);
  for (const { promise, what } of violations) console.log(`  ${promise} BROKEN: ${what}`);
  console.log(violations.length > 0 ? `play it again: npm run simulate -- --replay ${seed}` : 'all promises were kept');
}
