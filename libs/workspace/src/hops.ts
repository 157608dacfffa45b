/**
 * `node libs/workspace/dist/hops.js [--check]`: lists what a reader opens from an event to its effect, row by row of the
 * departments' process tables. Fails where it is more than the budget; with `--check` it says nothing else. Reads the
 * sources; runs in the repository's root.
 */
import { readFileSync } from 'node:fs';
import { HOP_BUDGET, openedFiles, type OpenedFiles } from './opened-files.js';

const DEPARTMENTS = ['sales', 'stock', 'fulfillment', 'invoicing', 'billing'];

const rows = DEPARTMENTS.flatMap((department) =>
  openedFiles(`${department}.process.ts`, (path) => readFileSync(`services/${department}/src/${path}`, 'utf8')).map(
    (row) => ({ department, ...row }),
  ),
);

function inWords({ department, events, handler, counted, rules }: OpenedFiles & { department: string }): string {
  const files = [handler, ...counted].join(' → ');
  return `${department}: ${events.join(', ')} → ${files}${rules.length > 0 ? ` (rules: ${rules.join(', ')})` : ''}`;
}

const over = rows.filter(({ counted }) => counted.length > HOP_BUDGET);
for (const row of over) console.error(`over the budget of ${HOP_BUDGET} beside the handler: ${inWords(row)}`);
if (!process.argv.includes('--check')) for (const row of rows) console.log(inWords(row));
process.exitCode = over.length > 0 ? 1 : 0;
