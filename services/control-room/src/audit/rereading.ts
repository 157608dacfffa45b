import type { Finding } from './findings.js';
import { keyOf } from './findings.js';
import type { QueueDepths } from './queues.js';
import { deepest } from './queues.js';

/** How the system is looked at once more. */
export interface Rereading {
  wait(ms: number): Promise<unknown>;
  queues(): Promise<QueueDepths>;
  /** The keys of all that is found now with these orders. */
  keys(orderIds: readonly string[]): Promise<ReadonlySet<string>>;
}

export interface Persisting {
  readonly findings: readonly Finding[];
  /** The most that each queue held. */
  readonly depths: QueueDepths;
}

const REREAD_AFTER_MS = [300, 700, 1_200];
/** More than any skew of five snapshots can be: so many are read again once. */
const MANY = 5_000;

/**
 * What is still found after up to three more readings. Five snapshots of a system at work are not of the same moment:
 * what was only on its way between two of them has arrived by the next.
 */
export async function persisting(
  found: readonly Finding[],
  queues: QueueDepths,
  again: Rereading,
): Promise<Persisting> {
  let [findings, depths] = [found, queues];
  for (const delayMs of found.length > MANY ? REREAD_AFTER_MS.slice(-1) : REREAD_AFTER_MS) {
    if (findings.length === 0) break;
    await again.wait(delayMs);
    // Before the databases: a message that is taken from its queue meanwhile has its effect by then.
    depths = deepest(depths, await again.queues());
    const still = await again.keys([...new Set(findings.map(({ orderId }) => orderId))]);
    findings = findings.filter((finding) => still.has(keyOf(finding)));
  }
  return { findings, depths };
}
