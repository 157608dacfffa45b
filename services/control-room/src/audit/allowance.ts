import { deadQueueOf } from '@retaguarda/messaging';
import type { Finding } from './findings.js';
import type { QueueDepths } from './queues.js';

/** An order that is explained, and the queue that may hold its message. */
export interface Queued {
  readonly orderId: string;
  readonly queue: string;
}

/**
 * Sorts hops that never arrived into lost ones and those that wait in a queue. A queue is first in, first out, and what
 * was lost is lost for longer: a queue of n messages explains the n youngest hops of its step and no other. What the broker
 * dead-lettered and the department has not parked yet explains hops of any of its steps.
 */
export function allowForQueues(
  findings: readonly Finding[],
  depths: QueueDepths,
): { readonly lost: Finding[]; readonly queued: Queued[] } {
  const left = new Map(depths);
  const queues = new Map<Finding, string>();
  for (const finding of [...findings].sort((a, b) => (b.hop?.since ?? 0) - (a.hop?.since ?? 0))) {
    const holding = queuesOf(finding).find((queue) => (left.get(queue) ?? 0) > 0);
    if (holding === undefined) continue;
    left.set(holding, left.get(holding)! - 1);
    queues.set(finding, holding);
  }
  const queued = [...queues].map(([{ orderId }, queue]) => ({ orderId, queue }));
  return { lost: findings.filter((finding) => !queues.has(finding)), queued };
}

function queuesOf({ hop }: Finding): string[] {
  return hop ? [hop.step, deadQueueOf(hop.step.split('.')[0]!)] : [];
}
