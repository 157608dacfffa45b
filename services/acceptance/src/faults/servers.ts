import type { Infrastructure, Servers } from '@retaguarda/infrastructure';
import {
  dropDatabase,
  dropVhost,
  ensureDatabase,
  ensureQueues,
  ensureUsers,
  ensureVhost,
  findInfrastructure,
  removeInfrastructure,
} from '@retaguarda/infrastructure';
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import pg from 'pg';
import { promisify } from 'node:util';
import { Company } from '../company/company.js';
import { departments } from '../company/programs.js';

const PLACES_OF_RABBITMQCTL = ['/usr/lib/rabbitmq/bin/rabbitmqctl', '/opt/homebrew/sbin/rabbitmqctl'];

/** The RabbitMQ and Postgres that faults may do anything to: started for this, and for nothing else. */
export class FaultServers {
  private now: Servers;
  private stopping: Promise<void> | undefined;

  private constructor(
    private readonly infrastructure: Infrastructure,
    private readonly stateDir: string,
  ) {
    this.now = infrastructure;
  }

  static async start(stateDir: string, report: (line: string) => void): Promise<FaultServers> {
    refuseGivenServers();
    await removeInfrastructure({ stateDir, report });
    return new FaultServers(await findInfrastructure({ stateDir, docker: false, report }), stateDir);
  }

  /** Servers that somebody else started and stops, such as those of a test run; they cannot be killed. */
  static of(servers: Servers): FaultServers {
    const infrastructure = { ...servers, stop: () => Promise.resolve(), revive: () => Promise.resolve(servers) };
    return new FaultServers(infrastructure, '');
  }

  get broker(): Servers['broker'] {
    return this.now.broker;
  }

  get database(): Servers['database'] {
    return this.now.database;
  }

  /** A company with a virtual host and databases of this name, and all queues. */
  async found(name: string): Promise<Company> {
    await this.clear(name);
    const company = await Company.on(this.broker, {
      vhost: () => ensureVhost(this.broker, name),
      users: () => ensureUsers(this.broker, name),
      database: (department) => ensureDatabase(this.database, `${name}_${department}`),
    });
    await ensureQueues(company.rabbitUrl);
    return company;
  }

  async clear(name: string): Promise<void> {
    await dropVhost(this.broker, name);
    for (const department of departments) await dropDatabase(this.database, `${name}_${department}`);
  }

  killBroker(): void {
    // The node is the last of epmd, start script and node, in the order in which they were started.
    process.kill(this.broker.pids.at(-1)!, 'SIGKILL');
  }

  /** Immediate shutdown: sessions are cut and nothing is written out; the next start recovers from the log. */
  shutDownDatabase(): void {
    process.kill(this.database.pids[0]!, 'SIGQUIT');
  }

  async revive(): Promise<void> {
    this.now = await this.infrastructure.revive();
  }

  /** `rabbitmqctl`, with the environment of the broker's own process, where its cookie and its name are. */
  async rabbitmqctl(...args: string[]): Promise<string> {
    const environ = readFileSync(`/proc/${this.broker.pids.at(-1)!}/environ`, 'utf8').split('\0');
    const env = Object.fromEntries(environ.filter((line) => line.includes('=')).map((line) => line.split(/=(.*)/s)));
    const program = PLACES_OF_RABBITMQCTL.find((place) => existsSync(place)) ?? 'rabbitmqctl';
    const node = String(env['RABBITMQ_NODENAME']);
    const { stdout } = await promisify(execFile)(program, ['-n', node, ...args], {
      env: env as NodeJS.ProcessEnv,
      cwd: String(env['HOME']),
      timeout: 180_000,
    });
    return stdout;
  }

  /** One call of the management API; `path` begins after `/api/`. */
  async manage(method: string, path: string, body?: unknown): Promise<unknown> {
    const { managementUrl, user, password } = this.broker;
    const answer = await fetch(`${managementUrl}/api/${path}`, {
      method,
      headers: {
        authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
        'content-type': 'application/json',
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(20_000),
    });
    const text = await answer.text();
    if (answer.status >= 400 && answer.status !== 404) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }

  /** Of those that the broker knows at this moment: its list of all connections is seconds old. Says how many there were. */
  async closeConnectionsOf(user: string): Promise<number> {
    const path = `connections/username/${encodeURIComponent(user)}`;
    const open = (await this.manage('GET', path)) as unknown[];
    await this.manage('DELETE', path);
    return open.length;
  }

  /** One statement as the administrator, in the maintenance database or another. */
  async administrate<Row>(text: string, database?: string): Promise<Row[]> {
    const url = new URL(this.database.adminUrl);
    if (database) url.pathname = `/${database}`;
    const client = new pg.Client({ connectionString: url.href, connectionTimeoutMillis: 5_000 });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return (await client.query(text)).rows as Row[];
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  /** Stops them and removes their data. May be called twice. */
  stop(): Promise<void> {
    return (this.stopping ??= this.stopAll());
  }

  private async stopAll(): Promise<void> {
    await this.infrastructure.stop();
    if (this.stateDir !== '') await removeInfrastructure({ stateDir: this.stateDir, report: () => undefined });
  }
}

/** Faults kill, fill up and delete: never on servers that hold anything. */
function refuseGivenServers(): void {
  for (const name of ['RABBITMQ_URL', 'POSTGRES_URL'])
    if (process.env[name]) throw new Error(`Fault runs use servers of their own: unset ${name}.`);
}
