import { Command, InvalidArgumentError } from 'commander';
import { resolve } from 'node:path';
import { lastFeed, rememberFeed } from './last-feed.js';
import type { LastFeed } from './last-feed.js';
import { prepareFeed, sampleFile } from './prepared-feed.js';
import type { PreparedFeed } from './prepared-feed.js';
import { receiveStock } from './receive-stock.js';
import { doneLine, feedSummary, fileSummary, outcomeTable, progressLine } from './report.js';
import { findRunningSystem } from './running-system.js';
import type { RunningSystem } from './running-system.js';
import { Storefront } from './storefront.js';
import type { Progress } from './storefront.js';

interface Flags {
  count?: number;
  rate?: number;
  file?: string;
  seed?: string;
  run?: string;
  again?: true;
  stock: boolean;
  dryRun?: true;
}

/** Where the command stands: replaced in tests. */
export interface Surroundings {
  directory: string;
  env: Readonly<Record<string, string | undefined>>;
  clock: () => Date;
  print: (text: string) => void;
  /** A line that the next one replaces on a terminal. */
  showProgress: (text: string) => void;
}

const help = `
Examples:
  npm run orders                              the sample day, once, as fast as the broker confirms
  npm run orders -- --count 5000 --rate 100   5,000 orders, 100 messages a second
  npm run orders -- --dry-run                 what would be submitted, without any server
  npm run orders -- --again                   the last run's orders with the same ids: nothing may happen twice

Every run submits new orders: their numbers start with the name of the run. Before that it receives the goods for
them through the stock department's own door. Which rows of the file become what is printed at the end.`;

/** `npm run orders`: a storefront that submits real orders to the running back office. */
export function ordersCommand(here: Surroundings): Command {
  return new Command('npm run orders --')
    .description('Submits the orders of a real shop to the running back office, as its storefront would.')
    .option('-n, --count <orders>', 'how many orders (default: the orders of the file, once)', wholeNumber)
    .option('-r, --rate <per second>', 'messages per second (default: as fast as the broker confirms)', positiveNumber)
    .option('-f, --file <csv>', 'rows of UCI "Online Retail" (default: the sample of 2010-12-01)')
    .option('-s, --seed <text>', 'chooses payment terms, cancellations and short items (default: 1)', plainWord)
    .option('--run <name>', 'name of the run, the start of every order number (default: date and time)', plainWord)
    .option('--again', 'submit the orders of the last run once more')
    .option('--no-stock', 'do not receive goods first')
    .option('--dry-run', 'print what would be submitted and stop')
    .addHelpText('after', help)
    .action((flags: Flags) => submitOrders(flags, here));
}

async function submitOrders(flags: Flags, here: Surroundings): Promise<void> {
  const chosen = await choose(flags, here);
  const feed = await prepareFeed(chosen).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') throw new Error(`There is no file ${chosen.file}`);
    if (error.code === 'EISDIR') throw new Error(`${chosen.file} is a directory, not a CSV file`);
    throw error;
  });
  if (!flags.dryRun) await submit(feed, { ...chosen, count: feed.count }, flags, here);
  else here.print(`Would be submitted:\n${feedSummary(feed, { ...chosen, isStocked: flags.stock })}`);
  here.print(`\n${fileSummary(chosen.file, feed)}\n${outcomeTable(feed.day.outcomes)}`);
}

async function choose(flags: Flags, { directory, clock }: Surroundings) {
  const before = flags.again ? await lastFeed(directory) : undefined;
  const file = flags.file ? resolve(directory, flags.file) : (before?.file ?? sampleFile);
  const run = flags.run ?? before?.run ?? nameOfRun(clock());
  return { file, run, count: flags.count ?? before?.count, seed: flags.seed ?? before?.seed ?? '1' };
}

async function submit(feed: PreparedFeed, chosen: LastFeed, flags: Flags, here: Surroundings) {
  const system = await findRunningSystem(here.directory, here.env);
  const storefront = await Storefront.open(system.brokerUrl);
  try {
    here.print(`Submitting:\n${feedSummary(feed, { ...chosen, isStocked: flags.stock })}`);
    if (flags.stock) await receiveStock(system.stockUrl, feed.stocking.receipts);
    await rememberFeed(here.directory, chosen);
    const begin = performance.now();
    const messages = [...feed.submissions()].length;
    const onProgress = (progress: Progress) => here.showProgress(progressLine(progress, messages));
    const done = await storefront.submit(feed.events(here.clock), { ratePerSecond: flags.rate, onProgress });
    here.print(`${doneLine(done, performance.now() - begin)}${whereToLook(system)}`);
  } finally {
    await storefront.close();
  }
}

function whereToLook({ controlRoomUrl }: RunningSystem): string {
  return controlRoomUrl ? `\nWhether the books agree: ${controlRoomUrl}/api/audit` : '';
}

/** Local date and time, to the second: `20260302-101530`. */
function nameOfRun(now: Date): string {
  const two = (part: number) => String(part).padStart(2, '0');
  const day = `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}`;
  return `${day}-${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}`;
}

function wholeNumber(text: string): number {
  if (!/^\d{1,7}$/.test(text) || Number(text) === 0) throw new InvalidArgumentError('Expected a whole number from 1.');
  return Number(text);
}

function positiveNumber(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError('Expected a number above 0.');
  return value;
}

function plainWord(text: string): string {
  if (/^[A-Za-z0-9_-]{1,40}$/.test(text)) return text;
  throw new InvalidArgumentError('Expected 1 to 40 letters, digits, hyphens or underscores.');
}
