import type { Finding } from './findings.js';
import { keyOf } from './findings.js';
import type { QueueReading } from './queues.js';
import { TOLD_WITHIN_MS } from './queues.js';

/** How the system is looked at once more. */
export interface Rereading {
  wait(ms: number): Promise<unknown>;
  queues(): Promise<QueueReading>;
  /** The keys of all that is found now with these orders. */
  keys(orderIds: readonly string[]): Promise<ReadonlySet<string>>;
}

export interface Persisting {
  readonly findings: readonly Finding[];
  /** What the queues held at a moment between the first reading and the last; undefined if nothing was left to explain. */
  readonly queues: QueueReading | undefined;
}

/** After the first reading; the third is later than any skew of five snapshots. */
const REREAD_AT_MS = [300, 1_000, 2_200, TOLD_WITHIN_MS];
/** More than can be on its way between snapshots: so many are read again only once. */
const MANY = 5_000;

/**
 * What is still found after up to four more readings. Five snapshots of a system at work are not of the same moment:
 * what was only on its way between two of them has arrived by the next. A message that no table has had from the first
 * reading to the last was in its queue all that time, or among the dead letters, or nowhere; so the queues are asked
 * once, when what they tell is younger than the first reading.
 */
export async function persisting(found: readonly Finding[], again: Rereading): Promise<Persisting> {
  let findings = found;
  let queues: QueueReading | undefined;
  let waitedMs = 0;
  for (const atMs of found.length > MANY ? [TOLD_WITHIN_MS] : REREAD_AT_MS) {
    if (findings.length === 0) break;
    await again.wait(atMs - waitedMs);
    waitedMs = atMs;
    // Before the databases: a message that is taken from its queue meanwhile has its effect by then.
    if (atMs === TOLD_WITHIN_MS) queues = await again.queues();
    const still = await again.keys([...new Set(findings.map(({ orderId }) => orderId))]);
    findings = findings.filter((finding) => still.has(keyOf(finding)));
  }
  return { findings, queues };
}
