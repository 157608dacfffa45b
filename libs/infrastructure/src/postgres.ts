import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { accountFor, type Account } from './accounts.js';
import { elapsedSince, eventually } from './eventually.js';
import { runToEnd } from './commands.js';
import { isRunning, commandLineOf, endProcess, identityOf, startDetached, startOf } from './processes.js';
import type { PostgresPrograms } from './programs.js';
import { lastLines } from './server-logs.js';
import type { Database, Place, Running } from './servers.js';

const startBoundMs = 60_000;
const takeOverBoundMs = 20_000;
const stopBoundMs = 60_000;

export const databaseAccounts = ['postgres', 'nobody'];

/** A Postgres of our own under `<home>/postgres`: the one that an earlier start left running, or a new one. */
export async function privateDatabase(place: Place, programs: PostgresPrograms[]): Promise<Running<Database>> {
  return (await takeOver(place)) ?? (await start(place, programs));
}

/** SIGINT is Postgres' fast shutdown: sessions are cut, committed data are flushed. */
export async function stopDatabase({ home }: Pick<Place, 'home'>): Promise<void> {
  for (const one of home.processes('database')) await endProcess(one, 'SIGINT', stopBoundMs);
  home.record('database', []);
}

async function takeOver(place: Place): Promise<Running<Database> | undefined> {
  const { home, report } = place;
  if (!home.processes('database').some(isRunning)) return undefined;
  const port = home.remembered(['postgres'])?.postgres;
  const version = port && (await untilAnswers(place, port, takeOverBoundMs).catch(() => undefined));
  if (port && version) {
    report(`Postgres ${version} on port ${port} taken over from an earlier start`);
    return running(place, port, version);
  }
  report('Postgres of an earlier start does not answer any more: stopping it');
  await stopDatabase(place);
  return undefined;
}

async function start(place: Place, programs: PostgresPrograms[]): Promise<Running<Database>> {
  const begin = performance.now();
  const root = rootOf(place);
  if (!place.isDurable) rmSync(root, { recursive: true, force: true });
  const account = accountFor(databaseAccounts);
  const chosen = await programsForData(dataOf(place), programs);
  await initialise(place, chosen, account);
  clearStalePid(dataOf(place));
  const { postgres: port } = await place.home.choosePorts(['postgres']);
  const args = ['-D', dataOf(place), ...settings(port, place.isDurable)];
  const env = serverEnvironment(root);
  const command = { program: chosen.postgres, args, env, cwd: root, account, logFile: logOf(place) };
  const server = startDetached(command);
  place.home.record('database', [server.pid === undefined ? undefined : identityOf(roleOf(chosen), server.pid)]);
  try {
    const version = await untilAnswers(place, port, startBoundMs);
    place.report(`Postgres ${version} started on port ${port} in ${elapsedSince(begin)}`);
    return running(place, port, version);
  } catch (error) {
    await stopDatabase(place);
    throw error;
  }
}

function rootOf({ home }: Place): string {
  return join(home.directory, 'postgres');
}

function dataOf(place: Place): string {
  return join(rootOf(place), 'data');
}

function logOf(place: Place): string {
  return join(rootOf(place), 'postgres.log');
}

function roleOf({ origin }: PostgresPrograms): string {
  return origin === 'embedded' ? 'embedded postgres' : 'postgres';
}

function serverEnvironment(root: string): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, HOME: root, LANG: 'C', LC_MESSAGES: 'C', TZ: 'UTC' };
}

/** Data directories are tied to a major version: the one that wrote these data is taken, else the newest. */
async function programsForData(data: string, programs: PostgresPrograms[]): Promise<PostgresPrograms> {
  const versionFile = join(data, 'PG_VERSION');
  const written = existsSync(versionFile) ? Number(readFileSync(versionFile, 'utf8')) : undefined;
  for (const candidate of programs) {
    if (written === undefined) return candidate;
    const major = candidate.major ?? majorOf((await runToEnd(candidate.postgres, ['--version'])).output);
    if (major === written) return candidate;
  }
  throw new Error(`the data in ${data} were written by Postgres ${written}, which is not installed any more`);
}

function majorOf(versionLine: string): number {
  return Number(/(\d+)/.exec(versionLine)?.[1]);
}

/** Into a directory beside the real one, so that an initdb that was interrupted never looks like a database. */
async function initialise(place: Place, programs: PostgresPrograms, account: Account | undefined): Promise<void> {
  if (existsSync(dataOf(place))) return;
  const root = rootOf(place);
  const draft = join(root, 'data.new');
  const passwordFile = join(root, 'password');
  mkdirSync(root, { recursive: true, mode: 0o700 });
  rmSync(draft, { recursive: true, force: true });
  writeFileSync(passwordFile, `${place.home.passwords.database}\n`, { mode: 0o600 });
  if (account) for (const path of [root, passwordFile]) chownSync(path, account.uid, account.gid);
  const args = [`--pgdata=${draft}`, '--username=postgres', `--pwfile=${passwordFile}`, '--auth=scram-sha-256'];
  const flags = [...args, '--encoding=UTF8', ...(place.isDurable ? [] : ['--no-sync'])];
  const initdb = (locale: string) =>
    runToEnd(programs.initdb, [...flags, `--locale=${locale}`], { env: serverEnvironment(root), cwd: root, account });
  let made = await initdb(process.platform === 'linux' ? 'C.UTF-8' : 'en_US.UTF-8');
  if (made.code !== 0 && made.output.includes('locale')) made = await initdb('C');
  rmSync(passwordFile, { force: true });
  if (made.code !== 0) throw new Error(`initdb failed:\n${made.output.trim()}`);
  renameSync(draft, dataOf(place));
}

/**
 * Postgres removes the pid file of a dead server by itself unless the number has been given to another process, which
 * is common in containers. The shared memory check that the file also serves is kept wherever the pid is free.
 */
function clearStalePid(data: string): void {
  const file = join(data, 'postmaster.pid');
  if (!existsSync(file)) return;
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
  if (!(pid > 0) || startOf(pid) === undefined) return;
  if (commandLineOf(pid).includes(data)) {
    throw new Error(`Postgres (pid ${pid}) already serves ${data}, but no start of ours is recorded: stop it first`);
  }
  rmSync(file);
}

function settings(port: number, isDurable: boolean): string[] {
  const values = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    max_connections: 200,
    shared_buffers: isDurable ? '256MB' : '128MB',
    max_wal_size: '2GB',
    jit: 'off',
    // Customers' data would otherwise stand in the log: in the text of a failed statement and in the DETAIL of its error.
    log_error_verbosity: 'terse',
    log_min_error_statement: 'panic',
  };
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** The version, once it accepts connections. Throws with the server's last words when it died or took too long. */
async function untilAnswers(place: Place, port: number, boundMs: number): Promise<string> {
  const version = await eventually(async () => {
    if (!place.home.processes('database').some(isRunning)) {
      throw new Error(`Postgres stopped while starting. ${lastLines([logOf(place)])}`);
    }
    return askDatabaseVersion(adminUrl(place, port)).catch(() => undefined);
  }, boundMs);
  if (version) return version;
  throw new Error(`Postgres did not answer within ${boundMs / 1000} s. ${lastLines([logOf(place)])}`);
}

export async function askDatabaseVersion(connectionString: string): Promise<string> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ server_version: string }>('show server_version');
    return rows[0]?.server_version.split(' ')[0] ?? 'of unknown version';
  } finally {
    await client.end().catch(() => undefined);
  }
}

function adminUrl(place: Place, port: number): string {
  return `postgres://postgres:${place.home.passwords.database}@127.0.0.1:${port}/postgres`;
}

function running(place: Place, port: number, version: string): Running<Database> {
  const root = rootOf(place);
  const [recorded] = place.home.processes('database');
  const origin = recorded?.role.startsWith('embedded') ? 'embedded' : 'private';
  return {
    server: {
      adminUrl: adminUrl(place, port),
      origin,
      pids: recorded ? [recorded.pid] : [],
      describe: `Postgres ${version} on port ${port} (${origin}, in ${root})`,
    },
    async stop() {
      await stopDatabase(place);
      if (!place.isDurable) rmSync(root, { recursive: true, force: true });
    },
  };
}
