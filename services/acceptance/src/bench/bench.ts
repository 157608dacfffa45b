import type { Contender } from './company/contender.js';
import { median } from './figures/percentiles.js';
import type { BenchOptions } from './options.js';
import type { ContenderFigures } from './phases/figures.js';
import { thereAndBack } from './phases/there-and-back.js';
import type { TurnSettings } from './phases/turn.js';
import { Turn } from './phases/turn.js';

const WARM_UP_ORDERS = 10_000;
/** Of the orders of a turn, before it: a line that waited for its turn has to get warm again, the longer it waited. */
const RUN_IN_SHARE = 1 / 5;
const TRICKLE_PER_SECOND = 20;
const MOST_AT_HALF_LOAD = 20_000;

export type Say = (line: string) => void;

/** A contender that is at work, with its figures. */
interface AtWork {
  readonly contender: Contender;
  readonly figures: ContenderFigures;
  readonly turn: Turn;
}

/**
 * Has all contenders at work side by side and gives each its turn at saturation, round by round: machines become slower
 * and faster by the minute, and so all are measured in the same minutes. Then each is measured in all else and ended.
 */
export class Bench {
  readonly figures: ContenderFigures[];

  constructor(
    private readonly contenders: readonly Contender[],
    private readonly options: BenchOptions,
    private readonly settings: TurnSettings,
    private readonly say: Say,
  ) {
    this.figures = contenders.map(({ key, name }) => {
      return { key, name, saturation: [], backlogs: [], memory: [], leftOut: [] };
    });
  }

  get hasMeasured(): boolean {
    return this.figures.some(({ saturation }) => saturation.length > 0);
  }

  async run(): Promise<readonly ContenderFigures[]> {
    const { rounds } = this.options;
    const all: AtWork[] = [];
    for (const [n, contender] of this.contenders.entries()) all.push(await this.begin(contender, this.figures[n]!));
    for (let round = 1; round <= rounds; round += 1) {
      this.say(`saturation, round ${round} of ${rounds}`);
      // There and back, so that a machine that becomes slower treats all alike.
      for (const one of round % 2 === 1 ? all : [...all].reverse()) await this.saturate(one, round);
    }
    // Here already, because a run that is interrupted later reports these figures.
    for (const { turn } of all) await turn.checkBooks();
    for (const { contender, figures, turn } of all) {
      this.say(nameOf(contender));
      await this.runIn(turn, 'runin', this.share(contender));
      if (this.options.hot && contender.key === 'a') await this.heat(turn, figures, this.share(contender));
      if (this.options.latency) await this.trickle(turn, figures);
      await this.workOffBacklogs(turn, figures);
      await turn.end();
    }
    return this.figures;
  }

  private async begin(contender: Contender, figures: ContenderFigures): Promise<AtWork> {
    this.say(`${nameOf(contender)} starts and gets warm`);
    const nodeFlags = this.options.profile ? profiling(contender, this.settings) : [];
    const turn = await Turn.begin(contender, { ...this.settings, nodeFlags });
    figures.memory = turn.line.memory;
    const { orders, rounds } = this.options;
    await turn.backlog('warm-up', this.share(contender, Math.min(orders * rounds, WARM_UP_ORDERS)));
    return { contender, figures, turn };
  }

  private share({ shareOfOrders }: Contender, orders = this.options.orders): number {
    return Math.max(100, Math.round(orders * shareOfOrders));
  }

  private async runIn(turn: Turn, run: string, orders: number): Promise<void> {
    await turn.backlog(run, Math.round(orders * RUN_IN_SHARE));
  }

  /** Commits are counted in the last round only: it takes 22 s to wait for them. */
  private async saturate({ contender, figures, turn }: AtWork, round: number): Promise<void> {
    const [run, orders] = [`saturation${round}`, this.share(contender)];
    await this.runIn(turn, `runin${round}`, orders);
    const measured = await (this.options.commits && round === this.options.rounds
      ? turn.backlogWithCommits(run, orders)
      : turn.backlog(run, orders));
    figures.saturation.push(measured);
    this.say(`  (${contender.key}) ${orders} orders: ${inWords(measured)}`);
  }

  private async heat(turn: Turn, figures: ContenderFigures, orders: number): Promise<void> {
    figures.hot = await turn.backlog('hot', orders, { isHot: true });
    this.say(`  one item in every order: ${inWords(figures.hot)}`);
    figures.afterHot = await turn.backlog('afterhot', orders);
    this.say(`  any items again: ${inWords(figures.afterHot)}`);
  }

  private async trickle(turn: Turn, figures: ContenderFigures): Promise<void> {
    const { halfSeconds, trickleSeconds } = this.options;
    // Of what it did a moment ago: machines become slower and faster by the minute.
    const half = (figures.afterHot ?? figures.saturation.at(-1)!).ordersPerSecond / 2;
    figures.halfLoad = await turn.paced('half', half, Math.min(halfSeconds, MOST_AT_HALF_LOAD / half));
    this.say(`  ${half.toFixed(0)} orders/s: cash after ${inMs(figures.halfLoad.cash)}`);
    figures.trickle = await turn.paced('trickle', TRICKLE_PER_SECOND, trickleSeconds);
    this.say(`  ${TRICKLE_PER_SECOND} orders/s: cash after ${inMs(figures.trickle.cash)}`);
  }

  private async workOffBacklogs(turn: Turn, figures: ContenderFigures): Promise<void> {
    const rate = median(figures.saturation.map(({ ordersPerSecond }) => ordersPerSecond));
    const isShort = (size: number) => size / rate <= this.options.longest;
    for (const size of this.options.backlog.filter((each) => !isShort(each))) {
      const why = `a backlog of ${size}: it would take ${Math.round(size / rate / 60)} minutes`;
      figures.leftOut.push(why);
      this.say(`  left out: ${why}`);
    }
    for (const [n, size] of thereAndBack(this.options.backlog.filter(isShort), rate).entries()) {
      const measured = await turn.backlog(`backlog${n}`, size);
      figures.backlogs.push(measured);
      this.say(`  a backlog of ${size}: ${inWords(measured)}`);
    }
  }
}

function nameOf({ key, name }: Contender): string {
  return `(${key}) ${name}`;
}

/** The contenders whose code is ours. */
function profiling({ key }: Contender, { profileFolder }: TurnSettings): string[] {
  if (key !== 'a' && key !== 'd') return [];
  return ['--cpu-prof', `--cpu-prof-dir=${profileFolder}/${key}`];
}

function inWords({ ordersPerSecond, cpuTotal }: { ordersPerSecond: number; cpuTotal: number }): string {
  return `${ordersPerSecond.toFixed(0)} orders/s, ${cpuTotal.toFixed(2)} ms of CPU an order`;
}

function inMs({ p50, p99 }: { p50: number; p99: number }): string {
  return `${p50.toFixed(0)} ms (p50), ${p99.toFixed(0)} ms (p99)`;
}
