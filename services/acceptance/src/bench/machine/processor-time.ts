import { readdirSync, readFileSync } from 'node:fs';

/** What one line of /proc/<pid>/stat says about a process. Times are seconds of CPU, user and system together. */
export interface ProcessStat {
  readonly pid: number;
  readonly parent: number;
  readonly own: number;
  /** Of its children that have ended and were waited for, with theirs. */
  readonly ofEndedChildren: number;
}

/** USER_HZ, which is 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

/** The command in field 2 may itself hold spaces and brackets, so fields are counted from behind it. */
export function readStat(line: string): ProcessStat {
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  const seconds = (field: number) => Number(fields[field - 3]) / TICKS_PER_SECOND;
  return {
    pid: Number.parseInt(line, 10),
    parent: Number(fields[1]),
    own: seconds(14) + seconds(15),
    ofEndedChildren: seconds(16) + seconds(17),
  };
}

/** The CPU seconds of these processes and all below them, those that have ended meanwhile included. */
export function secondsOf(roots: readonly number[], stats: readonly ProcessStat[]): number {
  const belongs = new Set(roots);
  for (let size = -1; size !== belongs.size;) {
    size = belongs.size;
    for (const { pid, parent } of stats) if (belongs.has(parent)) belongs.add(pid);
  }
  return stats
    .filter(({ pid }) => belongs.has(pid))
    .reduce((sum, { own, ofEndedChildren }) => sum + own + ofEndedChildren, 0);
}

/** All processes of this machine. One that ends while it is read is left out. */
export function processStats(): ProcessStat[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      const line = readProc(`/proc/${pid}/stat`);
      return line === undefined ? [] : [readStat(line)];
    });
}

/** The CPU seconds that this machine has spent on anything, all cores together. */
export function busySeconds(): number {
  return readBusy(readProc('/proc/stat') ?? '');
}

/** The line of all cores: user, nice, system, idle, waiting, interrupts (2), stolen; guests are in user already. */
export function readBusy(stat: string): number {
  const [user, nice, system, , , hard, soft, stolen] = (/^cpu +(.*)$/m.exec(stat)?.[1] ?? '').split(' ').map(Number);
  return [user, nice, system, hard, soft, stolen].reduce<number>((sum, ticks) => sum + ticks!, 0) / TICKS_PER_SECOND;
}

/** Resident memory in megabytes; undefined when there is no such process. */
export function residentMegabytes(pid: number): number | undefined {
  const status = readProc(`/proc/${pid}/status`);
  return status === undefined ? undefined : readResident(status);
}

export function readResident(status: string): number | undefined {
  const found = /^VmRSS:\s+(\d+) kB$/m.exec(status);
  return found ? Number(found[1]) / 1_024 : undefined;
}

function readProc(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
