import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dropDatabase, dropReader } from '@retaguarda/infrastructure';
import { freshVhost, testServers } from '@retaguarda/testing';
import { auditRole, departments, databaseOf, services } from '../src/system/departments.js';
import { identityOf, isGoneWithin, isRunning } from '../src/system/process-identity.js';
import type { ProcessIdentity } from '../src/system/process-identity.js';
import { StateDirectory } from '../src/system/state-directory.js';
import type { RunFile } from '../src/system/state-directory.js';

const repository = fileURLToPath(new URL('../../../', import.meta.url));
const program = join(repository, 'deploy', 'local', 'dist', 'start.js');
/** Below those of the servers; another run of the tests on this machine most likely has others. */
const portBase = 20_001 + 10 * (process.pid % 500);

/** `npm start` as a process of its own, over the servers of the test run, which it has not started and may not stop. */
class Launcher {
  said = '';
  private readonly child: ChildProcess;
  private readonly ended: Promise<unknown>;
  private wake: () => void = () => undefined;

  constructor(env: NodeJS.ProcessEnv, ...args: string[]) {
    const options = { env: { ...process.env, ...env }, cwd: repository };
    this.child = spawn(process.execPath, [program, '--port-base', String(portBase), ...args], options);
    this.ended = once(this.child, 'close');
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.said += chunk.toString();
        this.wake();
      });
    }
    void this.ended.then(() => this.wake());
  }

  /** Throws when it ends without having said it. */
  async says(text: string): Promise<void> {
    while (!this.said.includes(text)) {
      if (this.child.exitCode !== null || this.child.signalCode !== null)
        throw new Error(`it ended and said:\n${this.said}`);
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }

  async end(signal: NodeJS.Signals): Promise<number | null> {
    this.child.kill(signal);
    return this.code();
  }

  async code(): Promise<number | null> {
    await this.ended;
    return this.child.exitCode;
  }
}

describe('npm start', () => {
  const directory = new StateDirectory(mkdtempSync(join(tmpdir(), 'launcher-spec-')));
  const launchers: Launcher[] = [];
  let env: NodeJS.ProcessEnv;

  const launch = (...args: string[]) => {
    const launcher = new Launcher(env, ...args);
    launchers.push(launcher);
    return launcher;
  };
  const runFile = () => JSON.parse(readFileSync(directory.runFile, 'utf8')) as RunFile;
  const processes = () => Object.entries(runFile().pids).map(([name, pid]) => identityOf(name, pid) as ProcessIdentity);

  beforeAll(async () => {
    const { broker, database } = testServers();
    env = {
      RABBITMQ_URL: await freshVhost(),
      RABBITMQ_MANAGEMENT_URL: broker.managementUrl,
      POSTGRES_URL: database.adminUrl,
      RETAGUARDA_STATE_DIR: directory.path,
    };
  });

  afterAll(async () => {
    for (const launcher of launchers) await launcher.end('SIGTERM');
    for (const { name } of departments) await dropDatabase(testServers().database, databaseOf(name));
    await dropReader(testServers().database, auditRole);
    rmSync(directory.path, { recursive: true, force: true });
  }, 120_000);

  it('starts, survives the death of a department, cleans up after a killed launcher, and stops without a trace', async () => {
    const first = launch();
    await first.says('the system is up');
    await first.says('Ctrl-C');
    expect(statSync(directory.runFile).mode & 0o777).toBe(0o600);
    expect(Object.keys(runFile().services)).toEqual(services.map(({ name }) => name));
    const users = Object.values(runFile().brokers).flatMap(({ url, publishUrl }) => [url, publishUrl]);
    expect(users.map((url) => new URL(url).username)).toEqual(
      departments.flatMap(({ name }) => [name, `${name}.publisher`]),
    );
    for (const url of Object.values(runFile().services)) {
      expect((await fetch(`${url}/health/ready`)).status).toBe(200);
    }
    const controlRoom = runFile().services['control-room'] as string;
    expect(first.said).toContain(`${controlRoom}/api/audit`);
    const readers = Object.values(runFile().auditDatabases).map((url) => new URL(url).username);
    expect(readers).toEqual(departments.map(() => auditRole));
    const audited = await fetch(`${controlRoom}/api/audit`, { method: 'POST' });
    expect(await audited.json()).toMatchObject({ clean: true, orders: 0, unread: [], notes: [] });

    const stock = runFile().pids.stock as number;
    process.kill(stock, 'SIGKILL');
    await first.says('stock is back');
    expect(runFile().pids.stock).not.toBe(stock);

    const second = launch();
    expect(await second.code()).toBe(1);
    expect(second.said).toContain(`process ${runFile().pids.launcher}`);
    expect(existsSync(directory.runFile)).toBe(true);

    const left = processes();
    expect(left).toHaveLength(7);
    await first.end('SIGKILL');
    const third = launch();
    await third.says('an earlier start left 6 services running');
    await third.says('the system is up');
    expect(left.filter(isRunning)).toEqual([]);

    const running = processes();
    expect(await third.end('SIGINT')).toBe(0);
    for (const one of running) expect(await isGoneWithin(one, 1_000)).toBe(true);
    expect(['run.json', 'launcher.json', 'lock'].filter((name) => existsSync(join(directory.path, name)))).toEqual([]);
    expect(third.said).toContain('drained');
  }, 240_000);

  it('names the port that is taken, and starts nothing', async () => {
    const holder = createServer().listen(portBase + 1, '127.0.0.1');
    await once(holder, 'listening');
    const launcher = launch();
    expect(await launcher.code()).toBe(1);
    expect(launcher.said).toContain(`Port ${portBase + 1} (stock) is taken by process ${process.pid}`);
    expect(launcher.said).not.toMatch(/^\s+at /m);
    holder.close();
  });

  it('can be stopped while it is still starting', async () => {
    const launcher = launch();
    await launcher.says('starting the departments');
    const { services } = directory.footprint as { services: ProcessIdentity[] };
    expect(await launcher.end('SIGTERM')).toBe(0);
    expect(services.filter(isRunning)).toEqual([]);
    expect(existsSync(directory.runFile)).toBe(false);
  }, 120_000);
});
