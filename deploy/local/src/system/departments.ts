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
  /** The first department's port; the others follow, and the control room has the one before. */
  portBase: number;
  /** Services that somebody runs by hand, from a debugger for instance. */
  without: readonly string[];
  /** What was typed, for advice on the screen: `npm start`. */
  command: string;
}

interface Department {
  name: string;
  env?: (choice: SystemChoice, directory: StateDirectory) => NodeJS.ProcessEnv;
}

type Named = Pick<Department, 'name'>;

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

/** Looks at what the departments did, and owns nothing. */
export const controlRoom = 'control-room';

/** In the order of their ports. */
export const services: readonly Named[] = [{ name: controlRoom }, ...departments];

export const databaseOf = (name: string) => `retaguarda_${name}`;

/** The role that the audit reads all departments by. */
export const auditRole = 'retaguarda_audit';

export const portOf = (name: string, { portBase }: Pick<SystemChoice, 'portBase'>) =>
  portBase - 1 + services.findIndex((service) => service.name === name);

/** Those that the launcher runs itself. */
export function chosenServices({ without }: Pick<SystemChoice, 'without'>): readonly Named[] {
  const unknown = without.filter((name) => !services.some((service) => service.name === name));
  if (unknown.length > 0) {
    const names = services.map(({ name }) => name).join(', ');
    throw new CannotStart(`There is no service ${unknown.join(', ')}. The services are ${names}.`);
  }
  return services.filter(({ name }) => !without.includes(name));
}

export function refuseUnbuilt(chosen: readonly Named[], command: string): void {
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
  /** By the role that may only read. */
  auditDatabases: Readonly<Record<string, string>>;
  monitorUrl: string;
  managementUrl?: string | undefined;
}

export function planOf(
  { name }: Named,
  choice: SystemChoice,
  directory: StateDirectory,
  addresses: Addresses,
): ServicePlan {
  const port = portOf(name, choice);
  const department = departments.find((one) => one.name === name);
  return {
    name,
    port,
    url: `http://127.0.0.1:${port}`,
    program: programOf(name),
    env: {
      ...inherited(),
      HOST: '127.0.0.1',
      PORT: String(port),
      [homeVariable]: directory.path,
      ...(department ? keysOf(name, addresses) : keysOfTheAudit(addresses)),
      ...department?.env?.(choice, directory),
    },
    logFile: directory.freshLog(name),
  };
}

function keysOf(department: string, { brokers, databases }: Addresses): NodeJS.ProcessEnv {
  return {
    DATABASE_URL: databases[department],
    RABBITMQ_URL: brokers[department]?.url,
    RABBITMQ_PUBLISH_URL: brokers[department]?.publishUrl,
  };
}

function keysOfTheAudit({ auditDatabases, monitorUrl, managementUrl }: Addresses): NodeJS.ProcessEnv {
  return {
    ...Object.fromEntries(
      Object.entries(auditDatabases).map(([name, url]) => [`AUDIT_${name.toUpperCase()}_URL`, url]),
    ),
    ...(managementUrl && { AUDIT_BROKER_URL: monitorUrl, AUDIT_MANAGEMENT_URL: managementUrl }),
  };
}

/** Without the keys to everything: a service gets those that it needs and no others. */
function inherited(): NodeJS.ProcessEnv {
  const withheld = [
    ...['POSTGRES_URL', 'RABBITMQ_URL', 'RABBITMQ_PUBLISH_URL', 'RABBITMQ_MANAGEMENT_URL'],
    'BILLING_WEBHOOK_SECRET',
  ];
  const isWithheld = (name: string) => withheld.includes(name) || /^AUDIT_\w+_URL$/.test(name);
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !isWithheld(name)));
}

function programOf(name: string): string {
  return join(repository, 'services', name, 'dist', 'main.js');
}
