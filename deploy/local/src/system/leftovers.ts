import { readdirSync, readFileSync } from 'node:fs';
import { CannotStart } from './cannot-start.js';
import { identityOf, isGoneWithin, isRunning, signal } from './process-identity.js';
import type { ProcessIdentity } from './process-identity.js';
import type { Footprint, StateDirectory } from './state-directory.js';

const drainBoundMs = 30_000;

/**
 * Services that a killed launcher left running. Throws {@link CannotStart} while that launcher is alive: then they are
 * not left over, and it is the launcher that must be stopped.
 */
export function leftoversIn(
  footprint: Footprint | undefined,
  { shown }: Pick<StateDirectory, 'shown'>,
  isAlive: (identity: ProcessIdentity) => boolean = isRunning,
): Footprint['services'] {
  if (!footprint) return [];
  const { launcher, services } = footprint;
  if (isAlive(launcher)) {
    throw new CannotStart(
      `Retaguarda is already running from ${shown}: process ${launcher.pid}.\n` +
        `Stop that one first (Ctrl-C in its terminal, or kill ${launcher.pid}).`,
    );
  }
  return services.filter((service) => isAlive(service));
}

/** Says in a service's environment which directory it was started from. */
export const homeVariable = 'RETAGUARDA_HOME';

/**
 * Services of this directory that no footprint names: the launcher was killed between starting one and writing it down.
 * Known by their environment; only where the system shows it (Linux), and only those of the same user.
 */
export function straysOf(
  path: string,
  known: readonly ProcessIdentity[],
  environments: ReadonlyMap<number, string> = environmentsOfAll(),
): ProcessIdentity[] {
  const mark = `\0${homeVariable}=${path}\0`;
  return [...environments].flatMap(([pid, environment]) => {
    const isOurs = `\0${environment}\0`.includes(mark) && !known.some((one) => one.pid === pid);
    return (isOurs && identityOf('service', pid)) || [];
  });
}

function environmentsOfAll(): Map<number, string> {
  if (process.platform !== 'linux') return new Map();
  const pids = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  return new Map(pids.map((pid) => [pid, environmentOf(pid)]));
}

function environmentOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8');
  } catch {
    return '';
  }
}

/** Drains and ends them. Throws {@link CannotStart} for one that belongs to another user. */
export async function stopLeftovers(services: readonly ProcessIdentity[]): Promise<void> {
  await Promise.all(services.map(stopOne));
}

async function stopOne(service: ProcessIdentity): Promise<void> {
  try {
    signal(service, 'SIGTERM');
    if (await isGoneWithin(service, drainBoundMs)) return;
    signal(service, 'SIGKILL');
    await isGoneWithin(service, 5_000);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') throw error;
    throw new CannotStart(
      `${service.name} (process ${service.pid}) of an earlier start belongs to another user: stop it as that user first.`,
    );
  }
}
