import { setTimeout as pause } from 'node:timers/promises';
import type { OrderSubmitted } from '@retaguarda/contracts';
import type { Infrastructure } from '@retaguarda/infrastructure';
import { checkBooks, isSettled } from '../company/books.js';
import type { Contender } from '../company/contender.js';
import { Ground } from '../company/ground.js';
import type { Leaving } from '../company/leaving.js';
import { Line } from '../company/line.js';
import { Storefront } from '../company/storefront.js';
import { Till } from '../company/till.js';
import { percentile } from '../figures/percentiles.js';
import { otherCoresFrom, perOrder, readAccounts, totalOf } from '../machine/accounts.js';
import type { OrderShape } from '../orders/synthetic-orders.js';
import { syntheticOrders } from '../orders/synthetic-orders.js';
import type { BacklogFigures, Latency, PacedFigures } from './figures.js';

const LOOK_EVERY_MS = 20;
const STUCK_AFTER_MS = 60_000;
/** Postgres' sessions report their commits within ten seconds. */
const COMMITS_ARE_REPORTED_MS = 11_000;
const PROGRESS_POINTS = 100;

export interface TurnSettings {
  readonly servers: Pick<Infrastructure, 'broker' | 'database'>;
  readonly lines: number;
  /** For the five processes, such as `--cpu-prof`. */
  readonly nodeFlags: readonly string[];
  readonly profileFolder: string;
  readonly leaving: Leaving;
}

/** A contender at work on a ground of its own, from its start to its stop. */
export class Turn {
  private readonly submitted = { orders: 0, lines: 0 };

  private constructor(
    private readonly settings: TurnSettings,
    readonly ground: Ground,
    readonly line: Line,
    private readonly outside: {
      readonly storefront: Storefront;
      readonly till: Till;
      readonly end: () => Promise<void>;
    },
  ) {}

  static async begin(contender: Contender, settings: TurnSettings): Promise<Turn> {
    const { servers, nodeFlags, leaving } = settings;
    const ground = await Ground.fresh(servers, contender.key);
    const removeGround = leaving.add(() => ground.remove());
    await contender.prepare(ground);
    leaving.throwIfLeaving();
    const line = Line.start(contender, ground, nodeFlags);
    const stopLine = leaving.add(() => line.stop());
    await line.untilReady();
    await ground.receiveStock();
    const till = await Till.open(ground.rabbitUrl);
    const storefront = await Storefront.open(ground.rabbitUrl, (order) => contender.submission(order));
    const end = async () => {
      await Promise.all([storefront.close(), till.close(), stopLine()]);
      await removeGround();
    };
    return new Turn(settings, ground, line, { storefront, till, end });
  }

  /** Puts orders before sales, which stands still meanwhile; then measures how they are worked off. */
  backlog(run: string, count: number, shape: Partial<OrderShape> = {}): Promise<BacklogFigures> {
    return this.line.watched(() => this.workOff(run, count, shape));
  }

  private async workOff(run: string, count: number, shape: Partial<OrderShape>): Promise<BacklogFigures> {
    const { storefront, till } = this.outside;
    const paidBefore = till.paid;
    this.line.freezeSales();
    await storefront.submitAll(this.orders(run, count, shape));
    await this.ground.checkpoint();
    const orders = count - (till.paid - paidBefore);
    const before = this.accounts();
    const others = otherCoresFrom(before);
    const begin = performance.now();
    this.line.resumeSales();
    await this.untilSettled();
    const after = this.accounts();
    const [cpu, otherCores] = [perOrder(before, after, orders), others(after)];
    const seconds = (till.lastHeardAt - begin) / 1_000;
    const cash = (await this.paidAt(run)).map(({ paidAt }) => Math.max(0, paidAt - begin));
    return {
      ...{ size: count, orders, seconds, ordersPerSecond: orders / seconds, cpu, cpuTotal: totalOf(cpu), otherCores },
      ...{ cash: latencyOf(cash), progress: progressOf(cash) },
    };
  }

  /** The same, with the commits that it took. */
  async backlogWithCommits(run: string, count: number): Promise<BacklogFigures> {
    await pause(COMMITS_ARE_REPORTED_MS);
    const before = await this.ground.commits();
    const figures = await this.backlog(run, count);
    await pause(COMMITS_ARE_REPORTED_MS);
    return { ...figures, commitsPerOrder: ((await this.ground.commits()) - before) / figures.orders };
  }

  paced(run: string, perSecond: number, seconds: number): Promise<PacedFigures> {
    return this.line.watched(() => this.keepPace(run, perSecond, seconds));
  }

  private async keepPace(run: string, perSecond: number, seconds: number): Promise<PacedFigures> {
    const count = Math.max(1, Math.round(perSecond * seconds));
    await this.ground.checkpoint();
    const before = this.accounts();
    await this.outside.storefront.submitAt(perSecond, this.orders(run, count));
    await this.untilSettled();
    const cpu = perOrder(before, this.accounts(), count);
    const cash = (await this.paidAt(run)).map(({ externalId, paidAt }) => {
      return paidAt - this.outside.storefront.submittedAt.get(externalId)!;
    });
    return { perSecond, orders: count, cash: latencyOf(cash), cpu, cpuTotal: totalOf(cpu) };
  }

  /** Throws when the contender did not write what the orders so far asked for. */
  checkBooks(): Promise<void> {
    return checkBooks(this.ground, this.submitted, () => this.line.checkAlive());
  }

  /** Checks the books, stops and removes everything. */
  async end(): Promise<void> {
    try {
      await this.checkBooks();
    } finally {
      await this.outside.end();
    }
  }

  private *orders(run: string, count: number, shape: Partial<OrderShape> = {}): Generator<OrderSubmitted> {
    for (const order of syntheticOrders(run, count, { lines: this.settings.lines, isHot: false, ...shape })) {
      this.submitted.orders += 1;
      this.submitted.lines += order.lines.length;
      yield order;
    }
  }

  private accounts() {
    return readAccounts(this.line.pids, this.settings.servers);
  }

  private async untilSettled(): Promise<void> {
    const { till } = this.outside;
    const begin = performance.now();
    for (;;) {
      const areAllHeard = till.completedOrders >= this.submitted.orders && till.paid >= this.submitted.orders;
      if (areAllHeard && (await isSettled(this.ground))) return;
      this.line.checkAlive();
      if (performance.now() - Math.max(begin, till.lastHeardAt) > STUCK_AFTER_MS) throw this.stuck();
      await pause(LOOK_EVERY_MS);
    }
  }

  private stuck(): Error {
    const { paid, completedOrders } = this.outside.till;
    const state = `${paid} of ${this.submitted.orders} orders are paid, ${completedOrders} are completed`;
    return new Error(`Nothing has moved for ${STUCK_AFTER_MS / 1_000} s: ${state}.\n${this.line.lastWords}`);
  }

  private async paidAt(run: string): Promise<{ externalId: string; paidAt: number }[]> {
    const { paidAt } = this.outside.till;
    const orders = await this.ground.sql<{ id: string; externalId: string }>(
      'sales',
      'select id, external_id as "externalId" from orders where external_id like $1',
      [`${run}-%`],
    );
    return orders.map(({ id, externalId }) => ({ externalId, paidAt: paidAt.get(id)! }));
  }
}

function latencyOf(values: readonly number[]): Latency {
  return { p50: percentile(values, 0.5), p99: percentile(values, 0.99) };
}

/** The moments at which each hundredth of the orders was paid. */
function progressOf(cash: readonly number[]): (readonly [number, number])[] {
  const sorted = [...cash].sort((a, b) => a - b);
  const points = Math.min(PROGRESS_POINTS, sorted.length);
  return Array.from({ length: points }, (_, n) => {
    const paid = Math.round(((n + 1) * sorted.length) / points);
    return [sorted[paid - 1]! / 1_000, paid] as const;
  });
}
