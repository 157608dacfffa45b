import type { Clock, Tx } from '@retaguarda/database';
import { databaseFailure, inTransaction } from '@retaguarda/database';
import type { DataSource } from 'typeorm';
import { DEPARTMENTS_EXCHANGE, seal, type Sealed } from '../envelope/envelope.js';
import { reach } from '../failpoints.js';
import { claim, unclaim } from '../inbox/inbox.js';
import { inputOf, type Work } from '../journal/journal.js';
import type { OutboxBatch } from '../outbox/outbox.js';
import { enqueue } from '../outbox/outbox.js';
import type { NotYet } from '../process/handles.js';
import { notYet } from '../process/handles.js';
import { defer, settleDeferred } from '../retry/deferred.js';
import { nextDelayMs } from '../retry/policies.js';
import { clearSuspects } from '../retry/suspects.js';
import { park } from '../parked/parked.js';
import { checkOutputs, outputsOf } from './outputs.js';
import type { Incoming, Message, Step } from './step.js';

/** Where a department works. */
export interface Workplace {
  readonly department: string;
  readonly source: DataSource;
  readonly clock: Clock;
  /**
   * In a recovery, instead of the outbox: writes there what follows, unless that is not what followed the first time and
   * it throws, to undo the transaction. `early`: how many of the messages are too early.
   */
  readonly again?: (tx: Tx, events: readonly Sealed[], early: number) => Promise<OutboxBatch | undefined>;
}

/** What one transaction did with its messages. */
export interface Done {
  readonly outbox: OutboxBatch | undefined;
  readonly handled: number;
  readonly duplicates: number;
  readonly early: number;
}

const CONFLICT_RETRIES = 10;
/** A queue of transactions before the same row, each of them fast, may be longer than one wait. */
const LOCK_RETRIES = 1;
/** Lock timeouts that follow one another for as long as a transaction may idle: for what cannot be put aside. */
export const LOCKS_OF_A_MINUTE = 30;

/**
 * Deadlocks, serialization failures and lock timeouts are tried again at once; they say nothing about a message. Each try
 * has its own connection, so that others come in between.
 */
export async function withoutConflict<T>(work: () => Promise<T>, lockRetries = LOCK_RETRIES): Promise<T> {
  const left = { conflict: CONFLICT_RETRIES, locked: lockRetries };
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const failure = databaseFailure(error);
      if (failure !== 'conflict' && failure !== 'locked') throw error;
      if (left[failure] === 0) throw error;
      left[failure] -= 1;
    }
  }
}

/**
 * The heart: one transaction for a batch of messages of one step. Claims them in the inbox, runs the handler, checks
 * what it returned, puts aside what was too early and writes the outbox row.
 * @param lockMs how long it waits for each lock; as long as all of the department's connections unless told
 */
export function handleBatch(
  { source, clock, department, again }: Workplace,
  step: Step,
  messages: readonly Message[],
  lockMs?: number,
): Promise<Done> {
  return inTransaction(source, clock, async (tx) => {
    if (lockMs !== undefined) await tx.query(`set local lock_timeout = ${lockMs}`);
    const claimed = await claim(
      tx,
      step.name,
      messages.map(({ key }) => key),
    );
    const fresh = firstOfEach(messages, claimed);
    const { events, early } = await runHandler(step, fresh, tx);
    checkOutputs(step.name, events, step.emits);
    const tooEarly = await putAside(tx, step, early, fresh);
    await settle(tx, step, messages, tooEarly);
    const causes = fresh.map(({ event }) => event);
    const handled = tooEarly.size > 0 ? fresh.filter((message) => !tooEarly.has(message)) : fresh;
    const origin = handled[0]?.key ?? '';
    const sealed = seal({ department, step: step.name, origin, now: tx.now }, events, causes);
    const outbox =
      again && fresh.length > 0
        ? await again(tx, sealed, tooEarly.size)
        : await enqueue(tx, sealed, workOf(department, step, fresh, { handled, at: tx.now }));
    if (FAILPOINTS) await reach('after-handler', step.name);
    return {
      outbox,
      handled: fresh.length - tooEarly.size,
      duplicates: messages.length - fresh.length,
      early: tooEarly.size,
    };
  });
}

function workOf(
  department: string,
  step: Step,
  messages: readonly Message[],
  { handled, at }: { handled: readonly Message[]; at: Date },
): Work | undefined {
  const isHandled = handled.length === messages.length ? () => true : (message: Message) => handled.includes(message);
  const inputs = messages
    .filter((message) => standsNowhereElse(message.raw, isHandled(message)))
    .map(({ key, raw }) => inputOf(key, raw));
  if (handled.length === 0 && inputs.length === 0) return undefined;
  return {
    ...{ department, step: step.name, cause: 'messages', at, handled: handled.map(({ key }) => key), inputs },
    answers: step.handler.ask ? handled.map(({ answer = null }) => answer) : undefined,
  };
}

/**
 * Departments' events are in the entries of who emitted them, and what is put aside once more was in an entry the first
 * time; but what was put aside and is handled now may be older than the journal.
 */
function standsNowhereElse({ exchange, fromDeferred }: Incoming, isHandled: boolean): boolean {
  return fromDeferred ? isHandled : exchange !== DEPARTMENTS_EXCHANGE;
}

/** Within a batch the same message may come twice; the first counts. */
function firstOfEach(messages: readonly Message[], claimed: Set<string>): Message[] {
  return messages.filter(({ key }) => claimed.delete(key));
}

async function runHandler(step: Step, messages: readonly Message[], tx: Tx) {
  if (messages.length === 0) return { events: [], early: [] };
  const { handler } = step;
  if (handler.handleAll) {
    const events = messages.map(({ event }) => event);
    const outputs = outputsOf(
      await handler.handleAll(
        events,
        tx,
        messages.map(({ answer }) => answer),
      ),
    );
    return messages.length > 1 ? outputs : { ...outputs, early: outputs.early.map(about(events[0]!)) };
  }
  const events: object[] = [];
  const early: NotYet[] = [];
  for (const { event, answer } of messages) {
    const outputs = outputsOf(await handler.handle!(event, tx, answer));
    events.push(...outputs.events);
    early.push(...outputs.early.map(about(event)));
  }
  return { events, early };
}

function about(event: object): (early: NotYet) => NotYet {
  return ({ reason }) => notYet(reason, event);
}

/** Early messages give back their claim and wait in `deferred`; after the `patient` policy's last wait they are parked. */
async function putAside(
  tx: Tx,
  step: Step,
  early: readonly NotYet[],
  messages: readonly Message[],
): Promise<ReadonlySet<Message>> {
  const set = new Set<Message>();
  if (early.length === 0) return set;
  const reasons = new Map(early.map(({ event, reason }) => [event, reason]));
  for (const message of messages) if (reasons.has(message.event)) set.add(message);
  if (set.size < reasons.size) throw new Error(`${step.name} returned notYet() without the event that is too early.`);
  const keys = [...set].map(({ key }) => key);
  await unclaim(tx, step.name, keys);
  for (const message of set) await wait(tx, step, message, reasons.get(message.event)!);
  return set;
}

async function wait(tx: Tx, step: Step, { key, raw, envelope }: Message, reason: string): Promise<void> {
  const early = raw.early + 1;
  const delayMs = nextDelayMs('patient', early, Math.random());
  if (delayMs !== undefined)
    return defer(tx, step.name, [{ key, raw, attempts: raw.attempts, early, reason, delayMs }]);
  await settleDeferred(tx, step.name, [raw]);
  const reasons = [{ field: '', problem: `still too early after ${early} attempts: ${reason}` }];
  await park(tx, step.name, [{ key, raw, envelope, cause: 'attempts used up', reasons, attempts: early }]);
}

/** Ends the bookkeeping of earlier attempts for everything that this transaction finishes. */
async function settle(tx: Tx, step: Step, messages: readonly Message[], tooEarly: ReadonlySet<Message>): Promise<void> {
  const waiting = new Set([...tooEarly].map(({ raw }) => raw.deferredKey));
  const finished = messages.map(({ raw }) => raw).filter(({ deferredKey }) => !waiting.has(deferredKey));
  await settleDeferred(tx, step.name, finished);
  const suspected = messages.filter(({ raw }) => raw.mayHaveCrashed).map(({ key }) => key);
  await clearSuspects(tx, step.name, suspected);
}
