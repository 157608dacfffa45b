import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CannotStart } from './cannot-start.js';
import { homeVariable } from './leftovers.js';
import type { ServicePlan } from './service-process.js';
import { repository } from './state-directory.js';
import type { StateDirectory } from './state-directory.js';

export interface SystemChoice {
  /** `auto`: a built-in worker picks, packs and dispatches. */
  mode: 'auto' | 'manual';
  /** The first department's port; the others follow. */
  portBase: number;
  /** Departments that somebody runs by hand, from a debugger for instance. */
  without: readonly string[];
  /** What was typed, for advice on the screen: `npm start`. */
  command: string;
}

interface Department {
  name: string;
  env?: (choice: SystemChoice, directory: StateDirectory) => NodeJS.ProcessEnv;
}

/** The five departments in the order of their ports. Each owns the database `retaguarda_<name>`. */
export const departments: readonly Department[] = [
  { name: 'sales' },
  { name: 'stock' },
  { name: 'fulfillment', env: ({ mode }) => ({ FULFILLMENT_MODE: mode }) },
  { name: 'invoicing' },
  {
    name: 'billing',
    env: (_, directory) => ({
      BILLING_WEBHOOK_SECRET: process.env.BILLING_WEBHOOK_SECRET || directory.webhookSecret(),
    }),
  },
];

export const databaseOf = (name: string) => `retaguarda_${name}`;

export const portOf = (name: string, { portBase }: SystemChoice) =>
  portBase + departments.findIndex((department) => department.name === name);

/** Those that the launcher runs itself. */
export function chosenDepartments({ without }: SystemChoice): readonly Department[] {
  const unknown = without.filter((name) => !departments.some((department) => department.name === name));
  if (unknown.length > 0) {
    const names = departments.map(({ name }) => name).join(', ');
    throw new CannotStart(`There is no department ${unknown.join(', ')}. The departments are ${names}.`);
  }
  return departments.filter(({ name }) => !without.includes(name));
}

export function refuseUnbuilt(chosen: readonly Department[], command: string): void {
  const unbuilt = chosen.filter(({ name }) => !existsSync(programOf(name))).map(({ name }) => name);
  if (unbuilt.length === 0) return;
  throw new CannotStart(
    `Not built yet: ${unbuilt.join(', ')} (no ${programOf(unbuilt[0] ?? '')}).\n` +
      `Build first: npm run build, or ${command}, which does it by itself.`,
  );
}

/** Where a department has its queues, and where it publishes: the same broker, by two users. */
export interface BrokerAddresses {
  url: string;
  publishUrl: string;
}

export interface Addresses {
  brokers: Readonly<Record<string, BrokerAddresses>>;
  databases: Readonly<Record<string, string>>;
}

export function planOf(
  { name, env }: Department,
  choice: SystemChoice,
  directory: StateDirectory,
  { brokers, databases }: Addresses,
): ServicePlan {
  const port = portOf(name, choice);
  return {
    name,
    port,
    url: `http://127.0.0.1:${port}`,
    program: programOf(name),
    env: {
      ...inherited(),
      HOST: '127.0.0.1',
      PORT: String(port),
      DATABASE_URL: databases[name],
      RABBITMQ_URL: brokers[name]?.url,
      RABBITMQ_PUBLISH_URL: brokers[name]?.publishUrl,
      [homeVariable]: directory.path,
      ...env?.(choice, directory),
    },
    logFile: directory.freshLog(name),
  };
}

/** Without the keys to everything: a department gets those of its own queues, keys and database only. */
function inherited(): NodeJS.ProcessEnv {
  const withheld = [
    ...['POSTGRES_URL', 'RABBITMQ_URL', 'RABBITMQ_PUBLISH_URL', 'RABBITMQ_MANAGEMENT_URL'],
    'BILLING_WEBHOOK_SECRET',
  ];
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !withheld.includes(name)));
}

function programOf(name: string): string {
  return join(repository, 'services', name, 'dist', 'main.js');
}
