import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What was submitted from this directory last: `--again` submits the same orders with the same ids. */
export interface LastFeed {
  run: string;
  count: number;
  seed: string;
  file: string;
}

export class NothingToRepeat extends Error {}

const fileIn = (directory: string) => join(directory, '.retaguarda', 'last-orders.json');

export async function rememberFeed(directory: string, { run, count, seed, file }: LastFeed): Promise<void> {
  await mkdir(join(directory, '.retaguarda'), { recursive: true });
  await writeFile(fileIn(directory), `${JSON.stringify({ run, count, seed, file }, null, 2)}\n`);
}

export async function lastFeed(directory: string): Promise<LastFeed> {
  try {
    return JSON.parse(await readFile(fileIn(directory), 'utf8')) as LastFeed;
  } catch {
    throw new NothingToRepeat('--again repeats the last npm run orders, but nothing has been submitted from here yet.');
  }
}
