import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { monitorUser, publisherOf, type BrokerUsers } from '@retaguarda/infrastructure';
import { brokerUsers, freshDatabase, freshVhost, testServers } from '@retaguarda/testing';
import pg from 'pg';

export const departments = ['sales', 'stock', 'fulfillment', 'invoicing', 'billing'] as const;
export type DepartmentName = (typeof departments)[number];

const programOf = (service: string, file = 'main.js') =>
  fileURLToPath(new URL(`../../${service}/dist/${file}`, import.meta.url));

/** A department as it runs in earnest: its built program, in a process of its own. */
export class RunningDepartment {
  private said = '';

  private constructor(
    readonly name: DepartmentName,
    readonly url: string,
    private readonly child: ChildProcess,
  ) {}

  /** Resolves when it says that it is ready; fails with its last words when it ends before. */
  static async start(name: DepartmentName, environment: NodeJS.ProcessEnv): Promise<RunningDepartment> {
    const program = programOf(name);
    if (!existsSync(program)) throw new Error(`There is no ${program}: npm run build comes before this test.`);
    const port = await freePort();
    const env = { PATH: process.env['PATH'], HOST: '127.0.0.1', PORT: String(port), ...environment };
    const child = spawn(process.execPath, [program], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const department = new RunningDepartment(name, `http://127.0.0.1:${port}`, child);
    await department.untilReady();
    return department;
  }

  /** Drains it and waits for its end. */
  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.kill('SIGTERM');
    await once(this.child, 'exit');
  }

  /** Ends it at once, as a crash would. */
  async kill(): Promise<void> {
    const ended = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await ended;
  }

  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- what a door answers is what the test is about
  async http(method: 'GET' | 'POST', path: string, body?: unknown): Promise<any> {
    const answer = await fetch(new URL(path, this.url), {
      method,
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${this.name} answers ${answer.status} to ${method} ${path}: ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }

  private untilReady(): Promise<void> {
    return new Promise((resolve, reject) => {
      const hear = (chunk: Buffer) => {
        this.said = (this.said + chunk.toString()).slice(-4_000);
        if (this.said.includes('"msg":"ready"')) resolve();
      };
      this.child.stdout!.on('data', hear);
      this.child.stderr!.on('data', hear);
      this.child.once('exit', (code) => reject(new Error(`${this.name} ended with ${code}: ${this.said}`)));
    });
  }
}

/** The whole company on servers of this spec alone: five databases, one virtual host, five processes. */
export class Company {
  readonly running = new Map<DepartmentName, RunningDepartment>();
  readonly databases = {} as Record<DepartmentName, string>;
  /** The administrator's; departments get addresses of their own. */
  rabbitUrl = '';
  users!: BrokerUsers;

  static async found(): Promise<Company> {
    const company = new Company();
    company.rabbitUrl = await freshVhost();
    company.users = await brokerUsers(company.rabbitUrl);
    for (const name of departments) company.databases[name] = await freshDatabase(name);
    return company;
  }

  async start(name: DepartmentName, environment: NodeJS.ProcessEnv = {}): Promise<RunningDepartment> {
    const env = {
      DATABASE_URL: this.databases[name],
      RABBITMQ_URL: this.users.urlOf(name),
      RABBITMQ_PUBLISH_URL: this.users.urlOf(publisherOf(name)),
      LOG_LEVEL: 'info',
      ...environment,
    };
    const department = await RunningDepartment.start(name, env);
    this.running.set(name, department);
    return department;
  }

  department(name: DepartmentName): RunningDepartment {
    return this.running.get(name)!;
  }

  async stop(): Promise<void> {
    await Promise.all([...this.running.values()].map((department) => department.stop()));
  }

  /** One statement in a department's database, as whoever tampers with it would run it. */
  async sql<Row>(name: DepartmentName, text: string, parameters: unknown[] = []): Promise<Row[]> {
    const client = new pg.Client({ connectionString: this.databases[name] });
    await client.connect();
    try {
      const { rows } = await client.query(text, parameters);
      return (rows ?? []) as Row[];
    } finally {
      await client.end();
    }
  }

  get auditEnvironment(): NodeJS.ProcessEnv {
    const urls = departments.map((name) => [`AUDIT_${name.toUpperCase()}_URL`, this.databases[name]]);
    const { managementUrl } = testServers().broker;
    return {
      ...Object.fromEntries(urls),
      ...(managementUrl
        ? { AUDIT_BROKER_URL: this.users.urlOf(monitorUser), AUDIT_MANAGEMENT_URL: managementUrl }
        : {}),
    };
  }
}

export interface ProgramEnd {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** `npm run audit`, without npm. */
export async function runAudit(flags: readonly string[], environment: NodeJS.ProcessEnv): Promise<ProgramEnd> {
  const program = programOf('control-room', 'audit/main.js');
  const child = spawn(process.execPath, [program, ...flags], { env: { PATH: process.env['PATH'], ...environment } });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => void (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => void (err += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out, err };
}

async function freePort(): Promise<number> {
  const listener = createServer();
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as { port: number };
  listener.close();
  await once(listener, 'close');
  return port;
}
