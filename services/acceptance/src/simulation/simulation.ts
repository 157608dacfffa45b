import { ReceiveGoods } from '@retaguarda/stock/receipts/receive-goods';
import { Chaos } from './chaos.js';
import type { DepartmentName } from './company.js';
import { departmentNames, SimulatedCompany } from './company.js';
import { EmbeddedPostgres } from './embedded-postgres.js';
import { conductOf, heal } from './healing.js';
import { Reader } from './readings.js';
import { SimulatedTime } from './simulated-time.js';
import { planOf, type Plan } from './storefront.js';
import { verdict, type Violation } from './verdict.js';

/** How one schedule went. */
export interface Outcome {
  readonly seed: number;
  readonly violations: readonly Violation[];
  /** What happened, in order. */
  readonly trace: readonly string[];
  readonly orders: number;
  readonly crashes: number;
}

const CLEARED_EVERY = 200;

/** Plays schedules, one after the other, on five databases of its own. */
export class Simulation {
  private played = 0;

  private constructor(
    readonly company: SimulatedCompany,
    private readonly readers: Readonly<Record<DepartmentName, Reader>>,
    private readonly databases: readonly EmbeddedPostgres[],
  ) {}

  static async open(): Promise<Simulation> {
    const time = new SimulatedTime();
    const databases = await EmbeddedPostgres.openAll(departmentNames.length, time);
    const databaseOf = (name: DepartmentName) => databases[departmentNames.indexOf(name)]!;
    const company = await SimulatedCompany.found(databaseOf, time);
    const readers = {} as Record<DepartmentName, Reader>;
    for (const name of departmentNames) {
      const { watched } = company.departments[name];
      readers[name] = await Reader.open(name, databaseOf(name), watched);
    }
    return new Simulation(company, readers, databases);
  }

  /** @param seed decides everything that happens; the same seed is the same schedule */
  async play(seed: number): Promise<Outcome> {
    if (this.played % CLEARED_EVERY === 0) await this.clear();
    this.played += 1;
    const { company } = this;
    await company.begin(seed);
    const plan = planOf(company.dice);
    company.conductFor = (order) => conductOf(plan, order);
    await receive(company, plan);
    await new Chaos(company, plan).run(company.dice.between(15, 60));
    const open = await heal(company, plan, () => Promise.all(Object.values(this.readers).map((r) => r.reading())));
    const violations = [...open, ...(await verdict(company, plan, this.readers))];
    if (violations.length > 0) await this.clear();
    const { trace, crashes } = company;
    return { seed, violations, trace: [...trace], orders: plan.orders.length, crashes };
  }

  /** Empties every table: what a failed schedule leaves behind is not the next one's. */
  async clear(): Promise<void> {
    for (const life of [...this.company.lives.values()]) this.company.end(life);
    await this.company.still.comes();
    await Promise.all(Object.values(this.readers).map((reader) => reader.clear()));
  }

  async close(): Promise<void> {
    await this.company.close();
    await Promise.all(Object.values(this.readers).map((reader) => reader.close()));
    for (const database of this.databases) await database.close();
  }
}

async function receive(company: SimulatedCompany, { seed, stock }: Plan): Promise<void> {
  const lines = [...stock].map(([sku, quantity]) => ({ sku, name: sku, quantity }));
  const goods = { reference: `receipt-${seed}`, lines };
  await company.ask('stock', ({ messaging }) => messaging.desk.perform(ReceiveGoods, goods as never));
}
