import { CannotStart } from './cannot-start.js';
import { isGoneWithin, isRunning, signal } from './process-identity.js';
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
