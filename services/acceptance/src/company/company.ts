import { monitorUser, publisherOf, type Broker, type BrokerUsers } from '@retaguarda/infrastructure';
import pg from 'pg';
import type { DepartmentName } from './programs.js';
import { departments } from './programs.js';
import { RunningDepartment } from './running-department.js';

export interface CompanyAddresses {
  /** The administrator's; departments get addresses of their own. */
  readonly rabbitUrl: string;
  readonly databases: Readonly<Record<DepartmentName, string>>;
  readonly managementUrl: string | undefined;
  readonly users: BrokerUsers;
  /** By a role that may only read, where one was made. */
  readonly auditDatabases?: Readonly<Record<DepartmentName, string>>;
}

/** How a virtual host with its users and a database for each department are made. */
export interface Founding {
  vhost(): Promise<string>;
  users(rabbitUrl: string): Promise<BrokerUsers>;
  database(name: DepartmentName): Promise<string>;
  /** A role that reads these databases: its addresses, in the same order. Without it the audit is made by the owners. */
  reader?(databases: readonly string[]): Promise<string[]>;
}

/** The whole company on five databases and a virtual host of its own: five processes. */
export class Company {
  readonly running = new Map<DepartmentName, RunningDepartment>();

  constructor(readonly at: CompanyAddresses) {}

  static async on(broker: Broker, make: Founding): Promise<Company> {
    const rabbitUrl = await make.vhost();
    const users = await make.users(rabbitUrl);
    const databases = {} as Record<DepartmentName, string>;
    for (const name of departments) databases[name] = await make.database(name);
    const forReading = await make.reader?.(departments.map((name) => databases[name]));
    return new Company({
      ...{ rabbitUrl, users, databases, managementUrl: broker.managementUrl },
      ...(forReading && { auditDatabases: byDepartment(forReading) }),
    });
  }

  get rabbitUrl(): string {
    return this.at.rabbitUrl;
  }

  get users(): BrokerUsers {
    return this.at.users;
  }

  get databases(): Readonly<Record<DepartmentName, string>> {
    return this.at.databases;
  }

  async start(
    name: DepartmentName,
    environment: NodeJS.ProcessEnv = {},
    flags: readonly string[] = [],
  ): Promise<RunningDepartment> {
    const department = await this.begin(name, environment, flags);
    await department.ready();
    return department;
  }

  /** Without waiting until it is ready: it may never be. */
  async begin(
    name: DepartmentName,
    environment: NodeJS.ProcessEnv,
    flags: readonly string[] = [],
  ): Promise<RunningDepartment> {
    const department = await RunningDepartment.spawn(name, this.environmentOf(name, environment), flags);
    this.running.set(name, department);
    return department;
  }

  environmentOf(name: DepartmentName, environment: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
    const { databases, users } = this.at;
    return {
      DATABASE_URL: databases[name],
      RABBITMQ_URL: users.urlOf(name),
      RABBITMQ_PUBLISH_URL: users.urlOf(publisherOf(name)),
      LOG_LEVEL: 'info',
      ...environment,
    };
  }

  department(name: DepartmentName): RunningDepartment {
    return this.running.get(name)!;
  }

  async stop(): Promise<void> {
    await Promise.all([...this.running.values()].map((department) => department.stop()));
  }

  /** One statement in a department's database, as whoever tampers with it would run it. */
  async sql<Row>(name: DepartmentName, text: string, parameters: unknown[] = []): Promise<Row[]> {
    const client = new pg.Client({ connectionString: this.databases[name], connectionTimeoutMillis: 5_000 });
    client.on('error', () => undefined);
    await client.connect();
    try {
      const { rows } = await client.query(text, parameters);
      return (rows ?? []) as Row[];
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  get auditEnvironment(): NodeJS.ProcessEnv {
    const { users, managementUrl, auditDatabases = this.databases } = this.at;
    const urls = departments.map((name) => [`AUDIT_${name.toUpperCase()}_URL`, auditDatabases[name]]);
    return {
      ...Object.fromEntries(urls),
      ...(managementUrl ? { AUDIT_BROKER_URL: users.urlOf(monitorUser), AUDIT_MANAGEMENT_URL: managementUrl } : {}),
    };
  }
}

function byDepartment(urls: readonly string[]): Record<DepartmentName, string> {
  return Object.fromEntries(departments.map((name, index) => [name, urls[index]])) as Record<DepartmentName, string>;
}
