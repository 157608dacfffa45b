import type { Finding } from './findings.js';
import type { QueueDepths } from './queues.js';

/**
 * Sorts hops that never arrived into lost ones and those that wait in a queue. A queue is first in, first out, and what
 * was lost is lost for longer: a queue of n messages explains the n youngest hops of its step and no other.
 */
export function allowForQueues(
  findings: readonly Finding[],
  depths: QueueDepths,
): { readonly lost: Finding[]; readonly queued: Finding[] } {
  const left = new Map(depths);
  const queued = new Set<Finding>();
  for (const finding of [...findings].sort((a, b) => (b.hop?.since ?? 0) - (a.hop?.since ?? 0))) {
    const depth = finding.hop ? (left.get(finding.hop.step) ?? 0) : 0;
    if (depth === 0) continue;
    left.set(finding.hop!.step, depth - 1);
    queued.add(finding);
  }
  return { lost: findings.filter((finding) => !queued.has(finding)), queued: [...queued] };
}
