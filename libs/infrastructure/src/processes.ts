import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, renameSync } from 'node:fs';
import { eventually } from './eventually.js';
import type { Account } from './accounts.js';

/** A pid alone may belong to somebody else tomorrow; together with the moment of its start it cannot. */
export interface ProcessIdentity {
  role: string;
  pid: number;
  startedAt: string;
}

/** The start of a running process as an opaque token; undefined when there is none (a zombie counts as none). */
export function startOf(pid: number): string | undefined {
  if (process.platform === 'linux') return startFromProc(pid);
  const asked = spawnSync('ps', ['-o', 'lstart=', '-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  const line = asked.stdout?.trim() ?? '';
  return line === '' || /\sZ\S*$/.test(line) ? undefined : line.replace(/\s+\S+$/, '');
}

function startFromProc(pid: number): string | undefined {
  try {
    return startInStat(readFileSync(`/proc/${pid}/stat`, 'utf8'), bootId());
  } catch {
    return undefined;
  }
}

/** Field 22 of /proc/<pid>/stat; the command name in field 2 may itself hold spaces and brackets. */
export function startInStat(stat: string, boot: string): string | undefined {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const isDead = fields[0] === 'Z' || fields[0] === 'X';
  return isDead || fields[19] === undefined ? undefined : `${boot}:${fields[19]}`;
}

function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim().slice(0, 8);
}

export function identityOf(role: string, pid: number): ProcessIdentity | undefined {
  const startedAt = startOf(pid);
  return startedAt === undefined ? undefined : { role, pid, startedAt };
}

export function isRunning({ pid, startedAt }: ProcessIdentity): boolean {
  return startOf(pid) === startedAt;
}

export function commandLineOf(pid: number): string {
  if (process.platform !== 'linux') return spawnSync('ps', ['-o', 'command=', '-p', String(pid)]).stdout.toString();
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

export interface Command {
  program: string;
  args: string[];
  env: NodeJS.ProcessEnv;
  /** Working directory, readable by the account. */
  cwd: string;
  account: Account | undefined;
  logFile: string;
}

/** In a session of its own, so that Ctrl-C in the terminal reaches only the launcher, which drains first. */
export function startDetached({ program, args, env, cwd, account, logFile }: Command): ChildProcess {
  if (existsSync(logFile)) renameSync(logFile, `${logFile}.old`);
  const log = openSync(logFile, 'w', 0o600);
  try {
    const child = spawn(program, args, {
      env,
      cwd,
      detached: true,
      stdio: ['ignore', log, log],
      ...(account && { uid: account.uid, gid: account.gid }),
    });
    child.on('error', () => undefined);
    child.unref();
    return child;
  } finally {
    closeSync(log);
  }
}

/** Signals exactly this process, waits `boundMs`, then kills it. A pid that was given to another process is left alone. */
export async function endProcess(identity: ProcessIdentity, signal: NodeJS.Signals, boundMs: number): Promise<void> {
  if (!isRunning(identity)) return;
  signalProcess(identity, signal);
  const isGone = () => !isRunning(identity);
  if (await eventually(isGone, boundMs, 50)) return;
  signalProcess(identity, 'SIGKILL');
  if (await eventually(isGone, 10_000, 50)) return;
  throw new Error(`${identity.role} (pid ${identity.pid}) could not be stopped`);
}

function signalProcess({ role, pid }: ProcessIdentity, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EPERM')
      throw new Error(`${role} (pid ${pid}) belongs to another user and cannot be stopped from here`);
    if (code !== 'ESRCH') throw error;
  }
}
