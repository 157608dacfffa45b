import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findInfrastructure } from '@retaguarda/infrastructure';
import { lastWords } from '../last-words.js';
import { Bench } from './bench.js';
import type { Contender } from './company/contender.js';
import { Leaving } from './company/leaving.js';
import { floor } from './floor/floor.js';
import { golevelup } from './golevelup/golevelup.js';
import { nestRmq } from './nest-rmq/nest-rmq.js';
import { benchOptions } from './options.js';
import { retaguarda } from './retaguarda/retaguarda.js';
import { writeResults } from './report/results.js';

const contenders: readonly Contender[] = [retaguarda, nestRmq, golevelup, floor];

const options = benchOptions(process.argv.slice(2));
const folder = fileURLToPath(new URL('../../../../.retaguarda/bench/', import.meta.url));
const say = (line: string) => console.log(line);
const leaving = new Leaving();
let bench: Bench | undefined;

// Other servers could not be measured: their processes are not ours.
for (const name of ['RABBITMQ_URL', 'RABBITMQ_MANAGEMENT_URL', 'POSTGRES_URL']) delete process.env[name];

/** Also of a run that was ended before: what was measured until then. */
function report(endedBy?: string): void {
  if (bench?.hasMeasured) say(writeResults(folder, { options, figures: bench.figures, endedBy }));
}

async function interrupt(): Promise<void> {
  if (leaving.isLeaving) return;
  say('Stopping everything that was started.');
  await leaving.leave();
  report('an interrupt');
  process.exit(130);
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void interrupt());

try {
  mkdirSync(folder, { recursive: true });
  const starting = findInfrastructure({ stateDir: join(folder, 'servers'), docker: false, report: say });
  leaving.add(async () => (await starting.catch(() => undefined))?.stop());
  const servers = await starting;
  const settings = { servers, lines: options.lines, nodeFlags: [], leaving, profileFolder: join(folder, 'profiles') };
  const chosen = contenders.filter(({ key }) => options.only.includes(key));
  bench = new Bench(chosen, options, settings, say);
  await bench.run();
  report();
} catch (error) {
  // What fails because everything is being stopped is no news; the interrupt ends the process.
  if (leaving.isLeaving) await new Promise(() => undefined);
  console.error(lastWords(error));
  report(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
} finally {
  await leaving.leave();
}
