import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/** A pid alone may belong to somebody else tomorrow; together with the moment of its start it cannot. */
export interface ProcessIdentity {
  name: string;
  pid: number;
  startedAt: string;
}

export function identityOf(name: string, pid: number | undefined): ProcessIdentity | undefined {
  const startedAt = pid === undefined ? undefined : startOf(pid);
  return pid === undefined || startedAt === undefined ? undefined : { name, pid, startedAt };
}

export function isRunning({ pid, startedAt }: ProcessIdentity): boolean {
  return startOf(pid) === startedAt;
}

/** Signals exactly this process; that it is gone already, or that its pid is somebody else's by now, is fine. */
export function signal(identity: ProcessIdentity, name: NodeJS.Signals): void {
  if (!isRunning(identity)) return;
  try {
    process.kill(identity.pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Whether it was gone within `boundMs`. */
export async function isGoneWithin(identity: ProcessIdentity, boundMs: number): Promise<boolean> {
  const end = performance.now() + boundMs;
  while (isRunning(identity)) {
    if (performance.now() >= end) return false;
    await pause(50);
  }
  return true;
}

/** Field 22 of /proc/<pid>/stat; the command name in field 2 may itself hold spaces and brackets. A zombie is gone. */
export function startInStat(stat: string): string | undefined {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
}

function startOf(pid: number): string | undefined {
  if (process.platform !== 'linux') return startByPs(pid);
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim().slice(0, 8);
    const start = startInStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    return start && `${boot}:${start}`;
  } catch {
    return undefined;
  }
}

function startByPs(pid: number): string | undefined {
  const { stdout } = spawnSync('ps', ['-o', 'lstart=', '-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  const line = stdout?.trim() ?? '';
  return line === '' || /\sZ\S*$/.test(line) ? undefined : line.replace(/\s+\S+$/, '');
}
