import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { basename } from 'node:path';
import { CannotStart } from './cannot-start.js';

export interface WantedPort {
  name: string;
  port: number;
}

/** How far the lowest port lies below the base: the control room's is the one before. */
const BELOW_BASE = 1;

/** Throws {@link CannotStart} that names each port that is taken, by whom if that can be known, and what to type instead. */
export async function refuseTakenPorts(wanted: readonly WantedPort[], command: string): Promise<void> {
  const taken = [];
  for (const one of wanted) if (!(await isPortFree(one.port))) taken.push(one);
  if (taken.length === 0) return;
  const lines = taken.map(({ name, port }) => `Port ${port} (${name}) is taken${by(port)}.`);
  const base = await freeBase(wanted.length);
  if (base === undefined) throw new CannotStart(lines.join('\n'));
  throw new CannotStart(
    `${lines.join('\n')}\nEither stop that, or choose other ports: ${command} -- --port-base ${base}` +
      `\n(${base - BELOW_BASE} to ${base - BELOW_BASE + wanted.length - 1} are free; RETAGUARDA_PORT_BASE=${base} does the same)`,
  );
}

export function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const listener = createServer();
    listener.once('error', () => resolve(false));
    listener.listen({ port, host: '127.0.0.1', exclusive: true }, () => listener.close(() => resolve(true)));
  });
}

async function freeBase(count: number): Promise<number | undefined> {
  for (let base = 4_001; base < 30_000; base += 1_000) {
    const ports = Array.from({ length: count }, (_, index) => base - BELOW_BASE + index);
    const free = await Promise.all(ports.map(isPortFree));
    if (!free.includes(false)) return base;
  }
  return undefined;
}

function by(port: number): string {
  const pid = process.platform === 'linux' ? holderByProc(port) : holderByLsof(port);
  return pid === undefined ? ' by another process' : ` by process ${pid}${nameOf(pid)}`;
}

/** The listening socket's inode in /proc/net/tcp is found again among the open files of the processes we may look into. */
function holderByProc(port: number): number | undefined {
  const sockets = new Set([...inodesOf('/proc/net/tcp', port), ...inodesOf('/proc/net/tcp6', port)]);
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const found = pids.find((pid) => openFilesOf(pid).some((file) => sockets.has(file)));
  return found === undefined ? undefined : Number(found);
}

function inodesOf(table: string, port: number): string[] {
  const listening = '0A';
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return readOr(table, '')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local, , state]) => local?.endsWith(wanted) && state === listening)
    .map((fields) => `socket:[${fields[9]}]`);
}

function openFilesOf(pid: string): string[] {
  const directory = `/proc/${pid}/fd`;
  return tried(() => readdirSync(directory), []).map((fd) => tried(() => readlinkSync(`${directory}/${fd}`), ''));
}

function holderByLsof(port: number): number | undefined {
  const { stdout } = spawnSync('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-t'], { encoding: 'utf8' });
  return Number(stdout?.split('\n')[0]) || undefined;
}

/** Program and, for a script, the script: other arguments may hold secrets and are not shown. */
function nameOf(pid: number): string {
  const [program = '', ...words] =
    process.platform === 'linux'
      ? readOr(`/proc/${pid}/cmdline`, '').split('\0')
      : (spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout ?? '').trim().split(' ');
  if (program === '') return '';
  const script = words.find((word) => /^[^-].*\.[mc]?[jt]s$/.test(word));
  return ` (${basename(program)}${script ? ` ${script}` : ''})`;
}

function readOr(file: string, otherwise: string): string {
  return tried(() => readFileSync(file, 'utf8'), otherwise);
}

/** Processes and files come and go while they are looked at, and some are not ours to look at. */
function tried<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}
