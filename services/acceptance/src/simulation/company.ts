import { billing } from '@retaguarda/billing/billing.module';
import type { Conduct, SimulatedProvider } from '@retaguarda/billing/payments/simulated-provider';
import { fulfillment } from '@retaguarda/fulfillment/fulfillment.module';
import { FulfillmentMode } from '@retaguarda/fulfillment/fulfillment-mode';
import { invoicing } from '@retaguarda/invoicing/invoicing.module';
import { topologyOf } from '@retaguarda/messaging';
import { sales } from '@retaguarda/sales/sales.module';
import { stock } from '@retaguarda/stock/stock.module';
import { Dice } from './dice.js';
import type { EmbeddedPostgres } from './embedded-postgres.js';
import { Life, type Point } from './life.js';
import { Names } from './names.js';
import { SimulatedBroker } from './simulated-broker.js';
import { openSimulatedDatabase } from './simulated-database.js';
import { SimulatedDepartment } from './simulated-department.js';
import { SimulatedTime } from './simulated-time.js';
import { Stillness } from './stillness.js';
import { WatchedSource } from './watched-source.js';

const definitions = { sales, stock, fulfillment, invoicing, billing };
export type DepartmentName = keyof typeof definitions;
export const departmentNames = Object.keys(definitions) as DepartmentName[];

/** Five departments in one process, with a broker, a clock and a fate that the schedule holds in its hands. */
export class SimulatedCompany {
  readonly mode: { isAuto: boolean } = new FulfillmentMode(true);
  readonly departments = {} as Record<DepartmentName, SimulatedDepartment>;
  readonly still = new Stillness();
  readonly lives = new Map<DepartmentName, Life>();
  readonly trace: string[] = [];
  dice = new Dice(0);
  names = new Names();
  broker = this.newBroker();
  crashes = 0;
  /** A fault that tests plant: messages count as acked when they are handed out. */
  acksBeforeCommit = false;
  /** How the payment provider treats the charge of an order. */
  conductFor: (order: string) => Conduct = () => 'answers';

  private constructor(readonly time: SimulatedTime) {}

  /** @param databaseOf an empty one for each department, with the same clock */
  static async found(
    databaseOf: (name: DepartmentName) => EmbeddedPostgres,
    time: SimulatedTime,
  ): Promise<SimulatedCompany> {
    const company = new SimulatedCompany(time);
    const around = {
      began: () => company.still.began(),
      ended: () => company.still.ended(),
    };
    const conditions = {
      clock: company.time,
      mode: company.mode as FulfillmentMode,
      connect: () => Promise.resolve(company.broker.connect(Life.current!).asModel),
      log: (message: string) => company.note(message),
    };
    for (const name of departmentNames) {
      const source = await openSimulatedDatabase(definitions[name], databaseOf(name));
      const watched = new WatchedSource(source, around);
      const { department, provider } = await SimulatedDepartment.found(definitions[name], watched, conditions);
      company.departments[name] = department;
      if (provider) company.instruct(provider);
    }
    company.time.install();
    company.still.install();
    return company;
  }

  async close(): Promise<void> {
    for (const life of this.lives.values()) this.end(life);
    this.time.uninstall();
    this.still.uninstall();
    for (const { watched } of Object.values(this.departments)) await watched.source.destroy();
  }

  note(line: string): void {
    this.trace.push(line);
  }

  /** All as on the first day, except what is in the databases; every department starts. */
  async begin(seed: number): Promise<void> {
    for (const life of this.lives.values()) this.end(life);
    this.dice = new Dice(seed);
    this.names = new Names();
    this.broker = this.newBroker();
    this.trace.length = 0;
    this.crashes = 0;
    this.mode.isAuto = true;
    this.time.reset(this.dice.random);
    for (const { definition, watched } of Object.values(this.departments)) {
      watched.applied.clear();
      for (const { queue, bindings } of topologyOf(definition.process))
        for (const { exchange, routingKey } of bindings) this.broker.bind(queue, exchange, routingKey);
    }
    for (const name of departmentNames) await this.start(name);
  }

  async start(name: DepartmentName): Promise<void> {
    const life = new Life(name, (dead, point) => this.bury(dead, point));
    this.lives.set(name, life);
    void this.departments[name].start(life);
    await this.still.comes();
  }

  /** SIGTERM: it drains. What the broker owes it, confirms above all, has to come meanwhile. */
  async stop(name: DepartmentName): Promise<void> {
    const life = this.lives.get(name)!;
    let isStopped = false;
    void this.departments[name].stop(life).then(() => (isStopped = true));
    await this.still.comes();
    for (let mine = this.publishesOf(life); mine[0]; mine = this.publishesOf(life)) {
      this.broker.confirm(mine[0]);
      await this.still.comes();
    }
    if (life.isOver) return;
    if (!isStopped) throw new Error(`${name} does not stop although the broker confirmed everything.`);
    this.end(life);
  }

  /** Runs work in a department's life, as an HTTP request would; false when it did not come to its end. */
  async ask(name: DepartmentName, work: (department: SimulatedDepartment) => Promise<unknown>): Promise<boolean> {
    const life = this.lives.get(name);
    if (!life) return false;
    let [isDone, failure] = [false, undefined as unknown];
    void life
      .live(() => work(this.departments[name]))
      .then(
        () => (isDone = true),
        (error: unknown) => (failure = error),
      );
    await this.still.comes();
    if (failure) throw failure;
    return isDone;
  }

  /** Its process is gone, and with it all that it had in memory. */
  end(life: Life): void {
    life.isOver = true;
    this.time.forget(life);
    this.broker.lose(life, this.dice);
    this.lives.delete(life.department as DepartmentName);
  }

  private publishesOf(life: Life) {
    return this.broker.publishes.filter(({ channel }) => channel.life === life);
  }

  private bury(life: Life, point: Point): void {
    this.crashes += 1;
    this.note(`${life.department} dies ${point}`);
    this.end(life);
  }

  private newBroker(): SimulatedBroker {
    const broker = new SimulatedBroker((message) => this.names.of(message));
    broker.forgetsWhatItHandsOut = this.acksBeforeCommit;
    return broker;
  }

  private instruct(provider: SimulatedProvider): void {
    provider.conductFor = (receivableId) => this.conductFor(this.names.receivable(receivableId) ?? '');
  }
}
