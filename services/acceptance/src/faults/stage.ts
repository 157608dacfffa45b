import type { Company } from '../company/company.js';
import type { DepartmentName } from '../company/programs.js';
import { departments } from '../company/programs.js';
import { RunningDepartment } from '../company/running-department.js';
import { writeFileSync } from 'node:fs';
import { BrokerClient } from './amqp/broker-client.js';
import { Observer } from './amqp/observer.js';
import type { Fault, Scene } from './fault.js';
import { History } from './history/history.js';
import { SKUS } from './load/orders.js';
import { Storefront } from './load/storefront.js';
import { Lines } from './network/lines.js';
import { Chance } from './random.js';
import type { FaultServers } from './servers.js';
import { SETTINGS } from './settings.js';
import { readTopology } from './topology.js';
import { Watch } from './watch.js';

const PIECES = 100_000;

export interface StageSettings {
  readonly servers: FaultServers;
  /** Of the virtual host and the databases, and of the history's file. */
  readonly name: string;
  readonly historyFile: string;
  readonly seed: string;
  readonly ordersPerSecond: number;
  /** How many times longer than on a quiet machine everything may take; 1 unless told. */
  readonly patience?: number;
  /** Told of the stage while it is there, for somebody who must clear it away in a hurry. */
  readonly opened?: (stage: Stage | undefined) => void;
}

/** A company of its own for one run, with a storefront, an observer and a watch: everything that a run opens and closes. */
export class Stage {
  readonly notes: string[] = [];
  readonly problems: string[] = [];
  private readonly beside: RunningDepartment[] = [];
  private isOver = false;

  private constructor(
    readonly company: Company,
    readonly scene: Scene,
    readonly history: History,
    readonly watch: Watch,
  ) {}

  static async open(fault: Fault, { servers, ...settings }: StageSettings): Promise<Stage> {
    const history = new History(settings.historyFile);
    const company = await servers.found(settings.name);
    const lines = fault.overLines ? await Lines.between(company.rabbitUrl, company.databases.sales) : undefined;
    const client = await BrokerClient.connect(company.rabbitUrl);
    const observer = new Observer(client, history);
    await observer.start();
    const chance = new Chance(settings.seed);
    const publishing = await BrokerClient.connect(company.rabbitUrl);
    const storefront = new Storefront(
      { company, client: publishing, history },
      chance.fork('orders'),
      settings.ordersPerSecond,
    );
    const topology = readTopology();
    const watch = new Watch(company, client, topology);
    const { patience = 1 } = settings;
    const parts = { company, servers, storefront, client, publishing, observer, topology, lines, patience };
    const stage: Stage = new Stage(
      company,
      sceneOf(parts, chance.fork('fault'), () => stage),
      history,
      watch,
    );
    settings.opened?.(stage);
    try {
      await stage.prepare();
    } catch (error) {
      await stage.close({ servers, ...settings });
      throw error;
    }
    return stage;
  }

  private async prepare(): Promise<void> {
    await Promise.all(departments.map((name) => this.scene.start(name)));
    const goods = SKUS.map((sku) => ({ sku, quantity: PIECES }));
    await this.company.department('stock').http('POST', '/receipts', { reference: 'delivery', lines: goods });
    this.watch.start();
  }

  /** What the departments wrote last, beside the history: of a run that failed. */
  keepLastWords(): void {
    for (const { name, pid, lastWords } of [...this.beside, ...this.company.running.values()])
      writeFileSync(this.history.file.replace(/(\.jsonl)?$/, `.${name}-${pid}.log`), lastWords);
  }

  /** A process started behind the back of `killAll` would outlive it. */
  async begin(name: DepartmentName, environment: NodeJS.ProcessEnv, flags: readonly string[] = []) {
    if (this.company.running.get(name)?.endedByItself) this.scene.complain(`${name} had ended by itself`);
    const department = await this.company.begin(name, environment, flags);
    if (this.isOver) await department.kill();
    return department;
  }

  async startBeside(name: DepartmentName, environment: NodeJS.ProcessEnv, flags: readonly string[]) {
    const department = await RunningDepartment.spawn(name, environment, flags);
    this.beside.push(department);
    if (this.isOver) await department.kill();
    await department.ready();
    return department;
  }

  /** From now on nothing starts any more. */
  async killAll(): Promise<void> {
    this.isOver = true;
    await Promise.all([...this.beside, ...this.company.running.values()].map((department) => department.kill()));
  }

  async close({ servers, name, opened }: StageSettings): Promise<void> {
    await this.watch.stop();
    await this.killAll();
    opened?.(undefined);
    await Promise.all([this.scene.client.close(), this.scene.publishing.close()]);
    await this.scene.lines?.close();
    await this.history.close();
    await servers.clear(name);
  }
}

type Parts = Pick<
  Scene,
  'company' | 'servers' | 'storefront' | 'client' | 'publishing' | 'observer' | 'topology' | 'lines' | 'patience'
>;

function sceneOf(parts: Parts, chance: Chance, stage: () => Stage): Scene {
  const { company, lines } = parts;
  const environment = (name: DepartmentName, more: NodeJS.ProcessEnv = {}) => ({
    ...SETTINGS,
    ...lines?.reroute(company.environmentOf(name)),
    ...more,
  });
  return {
    ...parts,
    chance,
    async start(name, more, flags) {
      const department = await stage().begin(name, environment(name, more), flags);
      await department.ready();
      return department;
    },
    begin: (name, more, flags) => stage().begin(name, environment(name, more), flags),
    startBeside: (name, more, flags = []) =>
      stage().startBeside(name, company.environmentOf(name, environment(name, more)), flags),
    pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    note(text) {
      stage().notes.push(text);
      stage().history.write({ kind: 'note', text });
    },
    complain(text) {
      stage().problems.push(text);
      stage().history.write({ kind: 'note', text: `problem: ${text}` });
    },
  };
}
