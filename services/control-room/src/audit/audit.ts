import { setTimeout as wait } from 'node:timers/promises';
import { allowForQueues, type Queued } from './allowance.js';
import { CannotAudit } from './cannot-audit.js';
import { DepartmentChecks } from './department-checks.js';
import type { Finding } from './findings.js';
import { judge, keyOf } from './findings.js';
import type { OrderFacts, Snapshots } from './order-facts.js';
import { orderFacts } from './order-facts.js';
import { readQueues, readQueuesWithPatience } from './queues.js';
import type { AuditReport } from './report.js';
import { Kinds, Offenders } from './report.js';
import { persisting } from './rereading.js';
import type { Moment } from './rules/check.js';
import { isFinished } from './rules/waiting.js';
import type { DepartmentName, RunningSystem } from './running-system.js';
import { departments } from './running-system.js';
import { Snapshot } from './snapshot.js';

export interface AuditSettings {
  readonly settleMs: number;
  readonly deadlineMs: number;
  /** How many ids of each check are reported; {@link SHOWN} unless told. */
  readonly shown?: number | undefined;
  /** Ends the audit at once, which then throws {@link CannotAudit}. */
  readonly stopped?: AbortSignal;
}

/** The system, and until when it may be read. */
interface Source {
  readonly system: RunningSystem;
  readonly stopped: AbortSignal | undefined;
}

/**
 * Compares the departments' databases with each other and with themselves. Changes nothing, locks nothing, and holds a
 * page of rows in memory, beside the findings. On a live system the five snapshots are taken within milliseconds but not
 * at once, so what contradicts is read again and counts only if it is found every time.
 * Throws {@link CannotAudit} when a database cannot be read.
 */
export async function audit(
  system: RunningSystem,
  { settleMs, deadlineMs, shown, stopped }: AuditSettings,
): Promise<AuditReport> {
  const source: Source = { system, stopped };
  const moment: Moment = { now: Date.now(), settleMs, deadlineMs };
  const offenders = new Offenders(shown);
  const first = await firstReading(source, moment, offenders);
  const { findings, queues: asked } = await persisting(first.findings, {
    wait: (ms) => wait(ms, undefined, { signal: stopped }).catch(() => undefined),
    queues: () => readQueuesWithPatience(system.broker, { stopped }),
    keys: (orderIds) => keysOf(source, orderIds, moment),
  });
  // Also when nothing needs them, so that a wrong address is noted before it matters.
  const queues = asked ?? (await readQueues(system.broker, stopped));
  if (stopped?.aborted) throw stoppedAudit();
  const { lost, queued } = allowForQueues(findings, queues.depths);
  for (const { check, id } of lost) offenders.add(check, id);
  const open = placesOfTheDoubtful(first, findings, queued);
  const checks = offenders.results;
  return {
    clean: checks.every(({ count }) => count === 0),
    takenAt: new Date(moment.now).toISOString(),
    orders: first.orders,
    checks,
    open: open.all,
    aside: first.aside,
    notes: queues.problem ? [`Queues were not looked at: ${queues.problem}.`] : [],
  };
}

interface FirstReading {
  readonly orders: number;
  readonly findings: readonly Finding[];
  readonly open: Kinds;
  /** Unfinished orders of which the first reading could not tell where they wait. */
  readonly doubtful: ReadonlySet<string>;
  readonly aside: AuditReport['aside'];
}

async function firstReading(source: Source, moment: Moment, offenders: Offenders): Promise<FirstReading> {
  return withSnapshots(source, async (at) => {
    const [findings, open, doubtful] = [[] as Finding[], new Kinds(), new Set<string>()];
    let orders = 0;
    await each(orderFacts(at), (order) => {
      const judgement = judge(order, moment);
      if (order.sales) orders += 1;
      findings.push(...judgement.findings);
      if (judgement.place !== undefined) open.add(judgement.place);
      else if (!isFinished(order)) doubtful.add(order.orderId);
    });
    const aside = await new DepartmentChecks(offenders, moment).run(at);
    return { orders, findings, open, doubtful, aside };
  });
}

async function keysOf(source: Source, only: readonly string[], moment: Moment): Promise<Set<string>> {
  const keys = new Set<string>();
  await withSnapshots(source, (at) =>
    each(orderFacts(at, only), (order) => {
      for (const finding of judge(order, moment).findings) keys.add(keyOf(finding));
    }),
  );
  return keys;
}

/** Orders that looked lost are in a queue, or have moved on since, or are findings, which are counted as such. */
function placesOfTheDoubtful(
  { open, doubtful }: FirstReading,
  findings: readonly Finding[],
  queued: readonly Queued[],
): Kinds {
  const queues = new Map(queued.map(({ orderId, queue }) => [orderId, `queued at ${queue}`]));
  const unexplained = new Set(findings.map(({ orderId }) => orderId));
  for (const orderId of doubtful) {
    const queue = queues.get(orderId);
    if (queue) open.add(queue);
    else if (!unexplained.has(orderId)) open.add('moved on while the audit looked');
  }
  return open;
}

async function each(batches: AsyncIterable<OrderFacts[]>, look: (order: OrderFacts) => void): Promise<void> {
  for await (const batch of batches) for (const order of batch) look(order);
}

function stoppedAudit(): Error {
  return new CannotAudit('The audit was stopped.');
}

/** Every database that cannot be read is named, not only the first. */
function all(failures: readonly Error[]): Error {
  const unread = failures.flatMap((failure) => (failure instanceof CannotAudit ? failure.unread : []));
  return unread.length === failures.length ? CannotAudit.reading(...unread) : failures[0]!;
}

/** Takes all snapshots at the same time, which keeps apart what is only on its way to a few milliseconds. */
async function withSnapshots<T>({ system, stopped }: Source, work: (at: Snapshots) => Promise<T>): Promise<T> {
  if (stopped?.aborted) throw stoppedAudit();
  const { databases } = system;
  const taking = await Promise.allSettled(departments.map((name) => Snapshot.take(name, databases[name], stopped)));
  const taken = taking.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  try {
    const failures = taking.flatMap((one) => (one.status === 'rejected' ? [one.reason as Error] : []));
    if (failures.length > 0) throw all(failures);
    const at = Object.fromEntries(taken.map((snapshot) => [snapshot.department, snapshot]));
    return await work(at as Record<DepartmentName, Snapshot>);
  } finally {
    await Promise.all(taken.map((snapshot) => snapshot.close()));
  }
}
