import type { Company } from '../company/company.js';
import type { DepartmentName } from '../company/programs.js';
import type { RunningDepartment } from '../company/running-department.js';
import type { BrokerClient } from './amqp/broker-client.js';
import type { Observer } from './amqp/observer.js';
import type { Storefront } from './load/storefront.js';
import type { Lines } from './network/lines.js';
import type { Chance } from './random.js';
import type { FaultServers } from './servers.js';
import type { Topology } from './topology.js';

/** Makes good what was broken. */
export type Heal = () => Promise<void>;

/** One kind of fault. A run strikes once, heals, and then everything must be as if nothing had happened. */
export interface Fault {
  /** As promises.md numbers them. */
  readonly id: string;
  readonly title: string;
  /** What it does, in a sentence, and how it is made good again. */
  readonly does: string;
  readonly heals: string;
  /** Its variants; runs take them in turn. */
  readonly turns: readonly string[];
  /** Which departments must say that they are not ready while it lasts; `none`: no department may. */
  readonly red?: (turn: string) => 'all' | 'none' | DepartmentName | undefined;
  /** True when services are to be reached over lines that can be cut. */
  readonly overLines?: boolean;
  /** Why it cannot run here; undefined when it can. */
  readonly isMissing?: () => string | undefined;
  /** Breaks it and lets it last for as long as it takes. */
  strike(scene: Scene, turn: string): Promise<Heal>;
}

/** Everything that a fault may lay hands on. */
export interface Scene {
  readonly company: Company;
  readonly servers: FaultServers;
  readonly storefront: Storefront;
  /** Listens and looks into queues; it never publishes, so that an alarm does not stop it. */
  readonly client: BrokerClient;
  /** Publishes, as an outside program. */
  readonly publishing: BrokerClient;
  readonly observer: Observer;
  readonly topology: Topology;
  readonly chance: Chance;
  readonly lines: Lines | undefined;
  /** How many times longer than on a quiet machine everything may take; 1 unless told. */
  readonly patience: number;
  /** Starts a department as the company runs it, with more settings or flags; it replaces the one that ran. */
  start(name: DepartmentName, environment?: NodeJS.ProcessEnv, flags?: readonly string[]): Promise<RunningDepartment>;
  /** The same without waiting until it is ready, because it may die before. */
  begin(name: DepartmentName, environment: NodeJS.ProcessEnv, flags: readonly string[]): Promise<RunningDepartment>;
  /** A second instance beside the one that runs; it is stopped at the end of the run. */
  startBeside(
    name: DepartmentName,
    environment?: NodeJS.ProcessEnv,
    flags?: readonly string[],
  ): Promise<RunningDepartment>;
  pause(ms: number): Promise<void>;
  /** For the report. */
  note(text: string): void;
  /** Something that should not be: the run fails. */
  complain(text: string): void;
}
