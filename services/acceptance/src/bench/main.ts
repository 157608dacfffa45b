import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findInfrastructure } from '@retaguarda/infrastructure';
import { Bench } from './bench.js';
import type { Contender } from './company/contender.js';
import { Leaving } from './company/leaving.js';
import { floor } from './floor/floor.js';
import { golevelup } from './golevelup/golevelup.js';
import { nestRmq } from './nest-rmq/nest-rmq.js';
import { benchOptions } from './options.js';
import { inTables } from './report/in-tables.js';
import { retaguarda } from './retaguarda/retaguarda.js';

const contenders: readonly Contender[] = [retaguarda, nestRmq, golevelup, floor];

const options = benchOptions(process.argv.slice(2));
const folder = fileURLToPath(new URL('../../../../.retaguarda/bench/', import.meta.url));
const say = (line: string) => console.log(line);
const leaving = new Leaving();
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => void leaving.leave().then(() => process.exit(130)));

// Other servers could not be measured: their processes are not ours.
for (const name of ['RABBITMQ_URL', 'RABBITMQ_MANAGEMENT_URL', 'POSTGRES_URL']) delete process.env[name];

try {
  mkdirSync(folder, { recursive: true });
  const starting = findInfrastructure({ stateDir: join(folder, 'servers'), docker: false, report: say });
  leaving.add(async () => (await starting).stop());
  const servers = await starting;
  const settings = { servers, lines: options.lines, nodeFlags: [], leaving, profileFolder: join(folder, 'profiles') };
  const chosen = contenders.filter(({ key }) => options.only.includes(key));
  const figures = await new Bench(chosen, options, settings, say).run();
  const date = new Date().toISOString().slice(0, 19).replaceAll(':', '-');
  const machine = { cores: cpus().length, model: cpus()[0]?.model, node: process.version };
  const file = join(folder, `${date}.json`);
  writeFileSync(file, JSON.stringify({ date, machine, options, figures }, undefined, 1));
  say(`\n${inTables(figures)}\n\n${file}`);
} catch (error) {
  console.error(error instanceof Error ? (error.stack ?? error.message) : error);
  process.exitCode = 1;
} finally {
  await leaving.leave();
}
