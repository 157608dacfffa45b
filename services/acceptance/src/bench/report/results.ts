import { writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import type { BenchOptions } from '../options.js';
import type { ContenderFigures } from '../phases/figures.js';
import { inPictures } from './in-pictures.js';
import { inTables } from './in-tables.js';
import { verdictInTable, verdictOn } from './verdict.js';

export interface Results {
  readonly options: BenchOptions;
  readonly figures: readonly ContenderFigures[];
  /** What ended the run before everything was measured. */
  readonly endedBy?: string;
}

/** Writes the JSON and the pictures, and returns what is to be printed. */
export function writeResults(folder: string, { options, figures, endedBy }: Results): string {
  const date = new Date().toISOString().slice(0, 19).replaceAll(':', '-');
  const machine = { cores: cpus().length, model: cpus()[0]?.model, node: process.version, load: loadavg()[2] };
  const verdict = verdictOn(figures);
  const [json, svg] = [join(folder, `${date}.json`), join(folder, `${date}.svg`)];
  writeFileSync(json, JSON.stringify({ date, machine, options, endedBy, verdict, figures }, undefined, 1));
  writeFileSync(svg, inPictures(figures, `npm run bench, ${date}, ${machine.cores} cores, Node ${machine.node}`));
  const ended = endedBy === undefined ? '' : `\nNot everything was measured; the run was ended by: ${endedBy}`;
  return `\n${inTables(figures)}\n\n${verdictInTable(verdict)}\n${ended}\n${json}\n${svg}`;
}
