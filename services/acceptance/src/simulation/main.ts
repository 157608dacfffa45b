import { Command } from 'commander';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Assignment, Told } from './lane.js';
import { Progress } from './progress.js';
import { Simulation, type Outcome } from './simulation.js';

const DAY_MS = 86_400_000;
const SAYS_EVERY_MS = 10_000;
const PRINTED_IN_FULL = 3;
/** Under npm a Ctrl-C comes twice: from the terminal, and handed on. */
const SAME_KEY_MS = 500;
/** Postgres is compiled once and well, function by function, when it is needed: what V8 does else is quicker at first only. */
const LANE_FLAGS = [...process.execArgv, '--no-liftoff', '--no-wasm-dynamic-tiering'];

interface Wishes {
  readonly schedules?: string;
  readonly minutes?: string;
  readonly seed: string;
  readonly from: string;
  readonly replay?: string;
  readonly lanes: string;
}

const wishes = new Command('simulate')
  .description('Plays seeded schedules of the whole company against a simulated broker and clock.')
  .option('--schedules <count>', 'how many schedules at most')
  .option('--minutes <minutes>', 'for how long at most')
  .option('--seed <seed>', 'of the run; the same seed plays the same schedules', String(Date.now() % 1_000_000))
  .option('--from <schedule>', 'goes on with this schedule of the seed', '0')
  .option('--replay <seed>', 'plays one schedule again and prints what happens')
  .option('--lanes <count>', 'processes', String(availableParallelism()))
  .parse()
  .opts<Wishes>();

process.exitCode = (await (wishes.replay === undefined ? run() : replay(Number(wishes.replay)))) ? 0 : 1;

async function replay(seed: number): Promise<boolean> {
  const simulation = await Simulation.open();
  const outcome = await simulation.play(seed);
  await simulation.close();
  print(outcome);
  return outcome.violations.length === 0;
}

async function run(): Promise<boolean> {
  const [first, step] = [Number(wishes.from), Number(wishes.lanes)];
  const count = wishes.schedules ? Number(wishes.schedules) : wishes.minutes ? undefined : 1_000;
  const until = Date.now() + (wishes.minutes ? Number(wishes.minutes) * 60_000 : DAY_MS);
  const assigned = { seed: Number(wishes.seed), step, end: first + (count ?? 1e12), until };
  const progress = new Progress({ first, step, count, until });
  const hear = (told: Told) => {
    progress.hear(told);
    if (!('failed' in told)) return;
    if (progress.failed <= PRINTED_IN_FULL) print(told.failed);
    else console.log(`schedule ${told.failed.seed} fails too`);
  };
  const file = fileURLToPath(new URL('./lane.js', import.meta.url));
  // Detached, or the terminal's Ctrl-C would end them before they are told to sum up.
  const lanes = Array.from({ length: step }, () => fork(file, { execArgv: LANE_FLAGS, detached: true }));
  const stop = () => lanes.forEach((lane) => lane.connected && lane.send('stop'));
  let interruptedAt: number | undefined;
  const interrupt = () => {
    if (interruptedAt === undefined) console.log('ending the schedules at work (once more ends at once) …');
    interruptedAt ??= performance.now();
    if (performance.now() - interruptedAt > SAME_KEY_MS) process.exit(130);
    stop();
  };
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  console.log(`seed ${wishes.seed}, ${step} lanes`);
  const saying = setInterval(() => console.log(progress.line()), SAYS_EVERY_MS);
  try {
    await Promise.all(lanes.map((lane, index) => played(lane, { ...assigned, first: first + index }, hear)));
  } finally {
    clearInterval(saying);
    stop();
  }
  console.log(progress.summary(wishes.seed));
  return progress.failed === 0 && progress.played > 0;
}

async function played(lane: ChildProcess, assignment: Assignment, hear: (told: Told) => void): Promise<void> {
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
