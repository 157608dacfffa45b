import { startOf } from '@retaguarda/infrastructure';
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
