import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CannotAudit } from './cannot-audit.js';

export const departments = ['sales', 'stock', 'fulfillment', 'invoicing', 'billing'] as const;
export type DepartmentName = (typeof departments)[number];

/** Where to read: a database URL for each department and, if it is known, the broker's management API. */
export interface RunningSystem {
  readonly databases: Readonly<Record<DepartmentName, string>>;
  readonly broker?: BrokerAddress;
}

export interface BrokerAddress {
  /** AMQP address with its virtual host. */
  readonly url: string;
  readonly managementUrl: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

interface RunFile {
  readonly brokerUrl?: string;
  readonly monitorUrl?: string;
  readonly managementUrl?: string;
  readonly databases?: Readonly<Record<string, string>>;
  /** The same by a role that may only read. */
  readonly auditDatabases?: Readonly<Record<string, string>>;
}

/** The repository, seen from src/audit as well as from dist/audit. */
export const repository = fileURLToPath(new URL('../../../../', import.meta.url));

/**
 * Finds the databases: `AUDIT_<DEPARTMENT>_URL` where it is set, else `run.json`, which the launcher writes to
 * `RETAGUARDA_STATE_DIR` (`.retaguarda`), there by the role that may only read. The broker: `AUDIT_BROKER_URL` and
 * `AUDIT_MANAGEMENT_URL`, else the same file.
 * Throws {@link CannotAudit} unless every department has an address.
 */
export async function findRunningSystem(environment: Environment): Promise<RunningSystem> {
  const written = await readRunFile(runFileOf(environment));
  const known = { ...written?.databases, ...written?.auditDatabases };
  const urls = departments.map((name) => [name, environment[variableOf(name)] || known[name]] as const);
  const missing = urls.filter(([, url]) => !url).map(([name]) => variableOf(name));
  if (missing.length > 0)
    throw new CannotAudit(`No running system found; npm start first, or set ${missing.join(', ')}.`);
  const databases = Object.fromEntries(urls) as RunningSystem['databases'];
  for (const name of departments) refuseWhatIsNoUrl(name, databases[name]);
  const url = environment['AUDIT_BROKER_URL'] || written?.monitorUrl || written?.brokerUrl;
  const managementUrl = environment['AUDIT_MANAGEMENT_URL'] || written?.managementUrl;
  return url && managementUrl ? { databases, broker: { url, managementUrl } } : { databases };
}

/** What may change a department: its database by its own role, and the broker by its administrator. */
export interface DepartmentAccess {
  readonly databaseUrl?: string | undefined;
  readonly brokerUrl?: string | undefined;
}

/** `REPLAY_DATABASE_URL` and `REPLAY_BROKER_URL` where they are set, else the same file. */
export async function findDepartment(environment: Environment, name: DepartmentName): Promise<DepartmentAccess> {
  const written = await readRunFile(runFileOf(environment));
  return {
    databaseUrl: environment['REPLAY_DATABASE_URL'] || written?.databases?.[name],
    brokerUrl: environment['REPLAY_BROKER_URL'] || written?.brokerUrl,
  };
}

function runFileOf(environment: Environment): string {
  const state = resolve(environment['RETAGUARDA_STATE_DIR'] || join(repository, '.retaguarda'));
  return join(state, 'run.json');
}

function variableOf(name: DepartmentName): string {
  return `AUDIT_${name.toUpperCase()}_URL`;
}

function refuseWhatIsNoUrl(name: DepartmentName, url: string): void {
  if (!/^postgres(ql)?:/.test(url) || !URL.canParse(url))
    throw new CannotAudit(`The address of the database of ${name} is no postgres:// URL (${variableOf(name)}).`);
}

async function readRunFile(file: string): Promise<RunFile | undefined> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new CannotAudit(`${file} cannot be read: ${error.message}`);
  });
  try {
    return text === undefined ? undefined : (JSON.parse(text) as RunFile);
  } catch {
    throw new CannotAudit(`${file} is not JSON. Run npm start again.`);
  }
}
