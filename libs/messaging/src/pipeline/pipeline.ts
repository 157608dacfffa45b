import { databaseFailure, inTransaction, reasonOf } from '@retaguarda/database';
import { noteAside, type OutboxBatch } from '../outbox/outbox.js';
import { open } from '../envelope/open.js';
import { reach } from '../failpoints.js';
import { park } from '../parked/parked.js';
import type { Parking } from '../parked/parked.js';
import { Unprocessable } from '../process/handles.js';
import { defer, settleDeferred } from '../retry/deferred.js';
import { Stopping, type Gate } from '../retry/gate.js';
import { nextDelayMs } from '../retry/policies.js';
import { clearSuspects, countStarts, START_LIMIT, startsOf } from '../retry/suspects.js';
import type { Tallies } from './tallies.js';
import type { Incoming, Message, Step } from './step.js';
import { inTime } from './deadline.js';
import type { Workplace } from './transaction.js';
import { handleBatch, LOCKS_OF_A_MINUTE, withoutConflict } from './transaction.js';

/**
 * Takes messages of one step from "received" to "committed". When `process` resolves, each of them is handled, put
 * aside or parked in the database, so that the broker's copy may go. What it resolves to are the outbox rows that are
 * to be published.
 *
 * Promises: one effect per (step, message); a bad message costs only itself. Does not promise any order.
 */
export class Pipeline {
  constructor(
    private readonly at: Workplace,
    private readonly gate: Gate,
    private readonly tallies: Tallies,
  ) {}

  /** Rejects only with `Stopping`. */
  async process(step: Step, incoming: readonly Incoming[]): Promise<OutboxBatch[]> {
    const { messages, invalid } = openAll(step, incoming);
    if (invalid.length > 0) await this.parkAll(step, invalid);
    const fresh = messages.filter(({ raw }) => !raw.mayHaveCrashed);
    const suspects = messages.filter(({ raw }) => raw.mayHaveCrashed);
    const batches = fresh.length > 0 ? await this.handle(step, fresh) : [];
    if (suspects.length > 0) batches.push(...(await this.handleSuspects(step, suspects)));
    return batches;
  }

  /**
   * A whole batch in one transaction; if it fails, its messages one by one. If it failed because some of its rows are
   * held, nobody waits for long behind those.
   */
  private async handle(step: Step, messages: readonly Message[]): Promise<OutboxBatch[]> {
    const ready = step.handler.ask ? await this.askAll(step, messages) : messages;
    if (ready.length === 0) return [];
    let lockMs: number | undefined;
    try {
      return await this.commit(step, ready);
    } catch (error) {
      if (isNobodysFault(error)) throw error;
      if (ready.length === 1) return this.fail(step, ready[0]!, error);
      if (databaseFailure(error) === 'locked') lockMs = BRIEF_LOCK_MS;
    }
    const batches: OutboxBatch[] = [];
    for (const message of ready) batches.push(...(await this.handleOne(step, message, lockMs)));
    return batches;
  }

  private async handleOne(step: Step, message: Message, lockMs?: number): Promise<OutboxBatch[]> {
    try {
      return await this.commit(step, [message], lockMs);
    } catch (error) {
      if (isNobodysFault(error)) throw error;
      return this.fail(step, message, error);
    }
  }

  private async commit(step: Step, messages: readonly Message[], lockMs?: number): Promise<OutboxBatch[]> {
    const done = await this.gate.through(() =>
      withoutConflict(() => handleBatch(this.at, step, messages, lockMs), lockMs === undefined ? undefined : 0),
    );
    if (FAILPOINTS) await reach('after-commit', step.name);
    this.tallies.done(step.name, done);
    return done.outbox ? [done.outbox] : [];
  }

  /** Asks the outside for each message, several at a time; whoever gets no answer fails alone. */
  private async askAll(step: Step, messages: readonly Message[]): Promise<Message[]> {
    const answered: Message[] = [];
    for (let start = 0; start < messages.length; start += ASKED_AT_ONCE) {
      const asked = messages.slice(start, start + ASKED_AT_ONCE).map(async (message) => {
        try {
          message.answer = await inTime(step.handler.ask!(message.event));
          answered.push(message);
        } catch (error) {
          await this.fail(step, message, error);
        }
      });
      await Promise.all(asked);
    }
    return answered;
  }

  /**
   * Puts a failed message aside by its row's policy, or parks it when the policy is used up. One whose rows somebody else
   * holds is too early instead: that is not its failure.
   */
  private async fail(step: Step, message: Message, error: unknown): Promise<[]> {
    const { key, raw, envelope } = message;
    const isLocked = databaseFailure(error) === 'locked';
    const attempts = raw.attempts + (isLocked ? 0 : 1);
    const early = raw.early + (isLocked ? 1 : 0);
    const [policy, nth] = isLocked ? (['patient', early] as const) : ([step.retry, attempts] as const);
    const reason = whyFailed(error);
    const delayMs = error instanceof Unprocessable ? undefined : nextDelayMs(policy, nth, Math.random());
    if (delayMs === undefined) {
      const cause = error instanceof Unprocessable ? 'unprocessable' : 'attempts used up';
      await this.parkAll(step, [
        { key, raw, envelope, cause, reasons: [{ field: '', problem: reason }], attempts: nth },
      ]);
      return [];
    }
    await this.keepRecord(async (tx) => {
      await defer(tx, step.name, [{ key, raw, attempts, early, reason, delayMs }]);
      await noteAside(tx, this.namesOf(step), [{ key, raw }]);
      if (raw.mayHaveCrashed) await clearSuspects(tx, step.name, [key]);
    });
    this.tallies.failed(step.name, reason);
    return [];
  }

  private async parkAll(step: Pick<Step, 'name'>, parkings: readonly ParkingHere[]): Promise<void> {
    for (const some of inPortions(parkings)) await this.parkTogether(step, some);
  }

  private async parkTogether(step: Pick<Step, 'name'>, parkings: readonly ParkingHere[]): Promise<void> {
    const keys = parkings.map(({ key }) => key);
    await this.keepRecord(async (tx) => {
      await park(tx, step.name, parkings);
      await noteAside(tx, this.namesOf(step), parkings);
      await settleDeferred(
        tx,
        step.name,
        parkings.map(({ raw }) => raw),
      );
      await clearSuspects(tx, step.name, keys);
    });
    this.tallies.parked(step.name, parkings);
  }

  /** Parks again what was given back to a step that this version of the department does not have. */
  async parkStrays(name: string, incoming: readonly Incoming[]): Promise<void> {
    const reasons = [{ field: '', problem: `this department has no step ${name}` }];
    const parkings = incoming.map((raw) => ({ ...identityOf(raw), raw, cause: 'unrecognised' as const, reasons }));
    await this.parkAll({ name }, parkings);
  }

  private namesOf({ name: step }: Pick<Step, 'name'>) {
    return { department: this.at.department, step };
  }

  private keepRecord(work: Parameters<typeof inTransaction<void>>[2]): Promise<void> {
    return this.gate.through(() =>
      withoutConflict(() => inTransaction(this.at.source, this.at.clock, work), LOCKS_OF_A_MINUTE),
    );
  }

  /**
   * Messages that were handed out before. The first time they are counted together and handled as usual. If the process
   * dies again they are counted and handled one by one, so that the one that kills it is found and parked.
   */
  private async handleSuspects(step: Step, messages: readonly Message[]): Promise<OutboxBatch[]> {
    const keys = messages.map(({ key }) => key);
    const starts = await this.gate.through(() => startsOf(this.at.source, step.name, keys));
    if (starts.size === 0) {
      await this.countStarts(step, keys);
      return this.handle(step, messages);
    }
    const batches: OutboxBatch[] = [];
    for (const message of messages) {
      batches.push(...(await this.handleSuspect(step, message, starts.get(message.key) ?? 0)));
    }
    return batches;
  }

  private countStarts({ name }: Step, keys: readonly string[]): Promise<void> {
    return this.gate.through(() => withoutConflict(() => countStarts(this.at.source, name, keys), LOCKS_OF_A_MINUTE));
  }

  private async handleSuspect(step: Step, message: Message, started: number): Promise<OutboxBatch[]> {
    if (started < START_LIMIT) {
      await this.countStarts(step, [message.key]);
      return this.handle(step, [message]);
    }
    const { key, raw, envelope } = message;
    const reasons = [{ field: '', problem: `started ${started} times and never finished` }];
    await this.parkAll(step, [{ key, raw, envelope, cause: 'killed its process', reasons, attempts: started }]);
    return [];
  }
}

const ASKED_AT_ONCE = 20;
const BRIEF_LOCK_MS = 100;

type ParkingHere = Parking & { readonly raw: Incoming };

const PORTION_BYTES = 8_000_000;

/** Whatever is parked may be large, and all of a portion is in memory and in one row of the outbox. */
function inPortions(parkings: readonly ParkingHere[]): ParkingHere[][] {
  const portions: ParkingHere[][] = [];
  let bytes = Infinity;
  for (const parking of parkings) {
    bytes += parking.raw.body.length;
    if (bytes > PORTION_BYTES) portions.push([]);
    if (bytes > PORTION_BYTES) bytes = parking.raw.body.length;
    portions.at(-1)!.push(parking);
  }
  return portions;
}

function identityOf(raw: Incoming): Pick<Parking, 'key' | 'envelope' | 'attempts'> {
  const { key, envelope } = open(raw, []);
  return { key: raw.deferredKey ?? key, envelope, attempts: raw.attempts };
}

function openAll(step: Step, incoming: readonly Incoming[]): { messages: Message[]; invalid: ParkingHere[] } {
  const messages: Message[] = [];
  const invalid: ParkingHere[] = [];
  for (const raw of incoming) {
    const opened = open(raw, step.events);
    if ('event' in opened) messages.push({ ...opened, raw });
    else
      invalid.push({
        key: opened.key,
        raw,
        envelope: opened.envelope,
        cause: 'invalid',
        reasons: opened.reasons,
        attempts: raw.attempts + 1,
      });
  }
  return { messages, invalid };
}

/** Stopping, and a database that will not settle its conflicts, are not the message's failure. */
function isNobodysFault(error: unknown): boolean {
  return error instanceof Stopping;
}

function whyFailed(error: unknown): string {
  return `${reasonOf(error)}${databaseFailure(error) === 'conflict' ? ' (still in conflict after several tries)' : ''}`;
}
