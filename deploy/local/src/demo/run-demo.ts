import { setTimeout as pause } from 'node:timers/promises';
import type { DemoChoice } from '../command-line.js';
import type { Launch } from '../launch.js';
import { fileSummary, outcomeTable, receiveStock, sampleFile, Storefront } from '../orders/index.js';
import type { PreparedFeed } from '../orders/index.js';
import type { RunFile } from '../system/state-directory.js';
import { audit } from './audit.js';
import { Books } from './books.js';
import { DepartmentMeter, readDepartments } from './department-meter.js';
import type { DepartmentView } from './department-meter.js';
import { findings } from './findings.js';
import { endedOf, progressView, whole } from './progress-view.js';
import type { Progress } from './progress-view.js';
import { Stillness } from './stillness.js';
import { summaryLines } from './summary.js';

const lookEveryMs = 500;
const stillBoundMs = 15_000;
/** What a killed service had in hand is leased to it for a minute; nobody else takes it up before. */
const leaseBoundMs = 75_000;
/** A message may be in a department's hands, in no queue and not handled yet. */
const settledAfterMs = 1_500;

export interface Demo {
  choice: DemoChoice;
  feed: PreparedFeed;
  /** Every external id starts with it. */
  run: string;
}

/** Feeds the orders to the running system and watches until all of them ended. Gives what is wrong, a line each. */
export async function runDemo(demo: Demo, system: RunFile, launch: Launch): Promise<string[]> {
  const { screen, stopRequested } = launch;
  const books = new Books(system.databases);
  const storefront = await Storefront.open(system.storefrontUrl);
  try {
    await stockUp(demo, system, launch);
    const meters = Object.keys(system.databases).map((name) => new DepartmentMeter(name));
    const watch = new Observation(demo, system, books, meters);
    await watch.look();
    const feeding = storefront.submit(demo.feed.events(), {
      ratePerSecond: demo.choice.rate,
      onProgress: ({ confirmed }) => void (watch.confirmed = confirmed),
    });
    const forEver = feeding.then(() => new Promise<never>(() => undefined));
    await Promise.race([forEver, untilStill(watch, demo.choice, launch)]);
    stopRequested.throwIfAborted();
    screen.endLive({ isKept: true });
    return await sumUp(demo, watch, books, launch);
  } finally {
    await Promise.all([storefront.close(), books.close()]);
  }
}

async function stockUp({ feed }: Demo, { services }: RunFile, { screen }: Launch): Promise<void> {
  const { receipts } = feed.stocking;
  const lines = receipts.flatMap((receipt) => receipt.lines);
  const pieces = lines.reduce((sum, { quantity }) => sum + quantity, 0);
  const goods = `${whole(pieces)} pieces of ${whole(lines.length)} items`;
  await screen.during(`receiving ${goods} into stock`, receiveStock(services.stock ?? '', receipts));
  screen.done(`${goods} received into stock`);
  screen.line('');
}

/** One look after another at the orders and the departments. */
class Observation {
  confirmed = 0;
  private readonly messages: number;
  private progress?: Progress;

  constructor(
    private readonly demo: Demo,
    private readonly system: RunFile,
    private readonly books: Books,
    private readonly meters: readonly DepartmentMeter[],
  ) {
    this.messages = [...demo.feed.submissions()].length;
  }

  /** Their addresses, without those of other services. */
  private get departments(): Record<string, string> {
    const { services } = this.system;
    return Object.fromEntries(this.meters.map(({ name }) => [name, services[name] ?? '']));
  }

  async look(): Promise<Progress> {
    const [readings, tally] = await Promise.all([
      readDepartments(this.departments),
      this.books.tally(this.demo.run).catch((error: unknown) => {
        // The database may be away for a moment; what was seen before still stands.
        if (this.progress) return this.progress.tally;
        throw error;
      }),
    ]);
    const now = performance.now();
    const departments = this.meters.map((meter) => meter.observe(readings.get(meter.name), now));
    const { confirmed, messages } = this;
    return (this.progress = { submitted: this.demo.feed.count, confirmed, messages, tally, departments });
  }
}

/** Until every order has ended and no message is on its way any more, or nothing has moved for a while. */
async function untilStill(watch: Observation, { rate }: DemoChoice, { screen, stopRequested }: Launch): Promise<void> {
  const stillness = new Stillness();
  while (!stopRequested.aborted) {
    const progress = await watch.look();
    const { confirmed, tally, departments } = progress;
    const stillMs = stillness.observe([confirmed, tally, departments.map(essence)], performance.now());
    const boundMs = boundFor(progress, rate);
    screen.live(progressView(progress, { stillMs, boundMs }));
    if (stillMs > boundMs) return;
    await pause(lookEveryMs);
  }
}

/** How long nothing may move before it is called the end. */
function boundFor(progress: Progress, ratePerSecond: number | undefined): number {
  if (isThrough(progress)) return settledAfterMs;
  const isHealing = progress.departments.some(({ isAnswering, deferred }) => !isAnswering || deferred > 0);
  return Math.max(isHealing ? leaseBoundMs : stillBoundMs, ratePerSecond ? 3_000 / ratePerSecond : 0);
}

function isThrough({ submitted, confirmed, messages, tally, departments }: Progress): boolean {
  const isQuiet = departments.every(({ waiting, isAnswering }) => isAnswering && waiting === 0);
  return confirmed === messages && endedOf(tally) >= submitted && isQuiet;
}

function essence({ handled, waiting, parked }: DepartmentView) {
  return [handled, waiting, parked];
}

async function sumUp({ choice, feed, run }: Demo, watch: Observation, books: Books, { screen, system }: Launch) {
  const { submitted, tally, departments } = await watch.look();
  const [openItems, money, times] = await Promise.all([books.openItems(run), books.money(run), books.times(run)]);
  const checked = await screen.during('auditing the books of all departments', audit(system.directory));
  const result = { submitted, tally, openItems, departments, money, audit: checked };
  screen.title(fileSummary(choice.file ?? sampleFile, feed));
  screen.line(outcomeTable(feed.day.outcomes));
  screen.line('');
  for (const line of summaryLines(result, times)) screen.line(line);
  return findings(result);
}
