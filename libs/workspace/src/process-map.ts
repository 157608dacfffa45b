/**
 * `node libs/workspace/dist/process-map.js [--check]`: writes what is derived from the executed process tables: the
 * process section of each department's README, the picture in the root README, and `queues.json` and `users.json` in
 * `deploy/rabbitmq`. With `--check` it writes nothing and fails where a file differs. Needs the services built; runs in
 * the repository's root.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { contracts, isForStorefronts } from '@retaguarda/contracts';
import { format, resolveConfig } from 'prettier';
import { usersOf } from './broker-users.js';
import { pictureOf, processSection, queuesOf, withSection, type DescribedProcess } from './described-process.js';

const DEPARTMENTS = ['sales', 'stock', 'fulfillment', 'invoicing', 'billing'];

function describe(department: string): DescribedProcess {
  const json = execFileSync(process.execPath, [`services/${department}/dist/main.js`, '--describe'], {
    encoding: 'utf8',
  });
  return JSON.parse(json) as DescribedProcess;
}

function sectionIn(path: string, name: string, text: string): [string, string] {
  return [path, withSection(readFileSync(path, 'utf8'), name, text)];
}

async function formatted([path, text]: [string, string]): Promise<[string, string]> {
  return [path, await format(text, { ...(await resolveConfig(path)), filepath: path })];
}

const processes = DEPARTMENTS.map(describe);
const forStorefronts = contracts.filter(isForStorefronts).map(({ type }) => type);
const files = await Promise.all(
  [
    ...processes.map((table) => sectionIn(`services/${table.department}/README.md`, 'process', processSection(table))),
    sectionIn('README.md', 'line', pictureOf(processes, forStorefronts)),
    ['deploy/rabbitmq/queues.json', JSON.stringify(queuesOf(processes))] as [string, string],
    ['deploy/rabbitmq/users.json', JSON.stringify(usersOf(processes, forStorefronts))] as [string, string],
  ].map(formatted),
);

const current = (path: string) => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
};
const changed = files.filter(([path, text]) => current(path) !== text);
if (process.argv.includes('--check')) {
  for (const [path] of changed) console.error(`${path} differs from the process tables; run npm run process-map`);
  process.exitCode = changed.length > 0 ? 1 : 0;
} else {
  for (const [path, text] of changed) writeFileSync(path, text);
  console.log(changed.length > 0 ? `written: ${changed.map(([path]) => path).join(', ')}` : 'everything is up to date');
}
