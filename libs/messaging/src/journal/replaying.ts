import { reasonOf, type Tx } from '@retaguarda/database';
import { setTimeout as wait } from 'node:timers/promises';
import type { DataSource, QueryRunner } from 'typeorm';
import { attachEnvelope, type Envelope, type Sealed } from '../envelope/envelope.js';
import { open } from '../envelope/open.js';
import type { MessagingLog } from '../messaging.js';
import { enqueue } from '../outbox/outbox.js';
import type { Desk } from '../pipeline/desk.js';
import type { Message, Step } from '../pipeline/step.js';
import { handleBatch, LOCKS_OF_A_MINUTE, withoutConflict, type Workplace } from '../pipeline/transaction.js';
import type { Relay } from '../outbox/relay.js';
import type { Gate } from '../retry/gate.js';
import { findReplay, replayDone, replayFailed, replayIds, type Replay, type ReplayedMessage } from './replays.js';

/** What replaying takes of a department's messaging. */
export interface ReplayingDepartment {
  readonly department: string;
  readonly settings: { readonly source: DataSource; readonly log: MessagingLog };
  readonly desk: Desk;
  readonly relay: Relay;
  readonly gate: Gate;
  step(name: string): Step;
}

/** An arbitrary number, as that of the migrations: one instance replays, the others wait. */
const LOCK = 7_305_113;
const LOOK_EVERY_MS = 500;

/**
 * Which transaction may come out differently than the first time, telling `now` what it tells, when `before` it so many
 * are not done yet. A level is gone by once a round by the level below it got nothing done.
 */
const MAY_DIFFER: readonly ((replay: Replay, now: readonly Sealed[], before: number) => boolean)[] = [
  ({ cause }, _, before) => cause === 'clock' && before === 0,
  ({ cause, answers, events }, now) => cause === 'clock' && answers === null && tellsAll(events, now),
  () => true,
];

/** A transaction that is not done yet, and why. */
interface PutOff {
  readonly id: string;
  readonly what: string;
  readonly reason: string;
}

/** Thrown to roll a transaction back that would not come out as it did the first time. */
class Different extends Error {
  override readonly name = 'Different';
}

type Again = NonNullable<Workplace['again']>;

/**
 * Does again what the department had done before its database was set back, in the journal's order and on the journal's
 * clock, so that ids, numbers and times come out as they did. What is in the inbox is skipped. Events are sent again
 * under their ids of the first time: whoever has them takes no notice.
 *
 * Entries stand in the order of their writes. Where that was not the order of what they read, a transaction comes out
 * differently; it is rolled back and tried after the others, and at last taken as it comes, with a warning. A duty does
 * what there is to do, and how much of it falls to which run is of no account: it is taken as it comes as soon as all
 * before it is done. What is before it may wait for the duty; so, where nothing else gets on, it may tell more than the
 * first time, but not less: what it lacks is yet to come. Not so a duty that asked the outside: the answers of that time
 * are about what it did then. What was not told before goes into the journal, so that the others' recoveries find it
 * there.
 */
export class Replaying {
  private replayed = 0;
  private different = 0;

  constructor(private readonly at: ReplayingDepartment) {}

  /** Call before anything is consumed and after the publisher has its connection. What cannot be done again stays. */
  async run(): Promise<void> {
    const { source } = this.at.settings;
    if ((await this.at.gate.through(() => replayIds(source))).length === 0) return;
    const session = source.createQueryRunner();
    try {
      while (!(await takeLock(session))) await wait(LOOK_EVERY_MS);
      await this.runAll(await replayIds(source));
    } finally {
      await session.query('select pg_advisory_unlock_all()').catch(() => undefined);
      await session.release();
    }
  }

  private async runAll(ids: readonly string[]): Promise<void> {
    const { source, log } = this.at.settings;
    const begin = Date.now();
    log.info(`recovery: ${ids.length} transactions are to be done again`);
    let [left, putOff]: [readonly string[], readonly PutOff[]] = [ids, []];
    for (let level = 0; left.length > 0 && level < MAY_DIFFER.length;) {
      putOff = await this.round(left, level);
      level = putOff.length < left.length ? 0 : level + 1;
      left = putOff.map(({ id }) => id);
    }
    for (const { id, what, reason } of putOff) {
      await replayFailed(source, id, reason);
      log.warn(`recovery: ${what} cannot be done again: ${reason}`);
    }
    log.info(
      `recovery: ${this.replayed} transactions done again in ${Date.now() - begin} ms, ` +
        `${this.different} of them not as the first time, ${left.length} left in the table replays`,
    );
  }

  /** Returns those that were not done. */
  private async round(ids: readonly string[], level: number): Promise<PutOff[]> {
    const { source, log } = this.at.settings;
    const putOff: PutOff[] = [];
    for (const id of ids) {
      const replay = await this.at.gate.through(() => findReplay(source, id));
      if (!replay) continue;
      const what = `${replay.step} of ${replay.at.toISOString()}`;
      const mayDiffer = (now: readonly Sealed[]) => MAY_DIFFER[level]!(replay, now, putOff.length);
      try {
        const { batch, isSame } = await this.at.gate.through(() =>
          withoutConflict(() => this.again(replay, mayDiffer), LOCKS_OF_A_MINUTE),
        );
        await replayDone(source, id);
        if (batch) void this.at.relay.send([batch]);
        this.replayed += 1;
        if (isSame) continue;
        this.different += 1;
        log.warn(`recovery: ${what} did not come out as before`);
      } catch (error) {
        putOff.push({ id, what, reason: reasonOf(error) });
      }
    }
    return putOff;
  }

  private async again(replay: Replay, mayDiffer: (now: readonly Sealed[]) => boolean) {
    const { department, settings, desk } = this.at;
    const { step: name, cause, at } = replay;
    let isSame = true;
    const again: Again = (tx, events, early) => {
      isSame = early === 0 && areSame(replay, events);
      if (!isSame && !mayDiffer(events)) throw new Different();
      return write(tx, events, replay, department);
    };
    const workplace: Workplace = { department, source: settings.source, clock: { now: () => at }, again };
    if (cause !== 'messages') return { batch: await desk.again(workplace, name, commandOf(replay)), isSame };
    const step = this.at.step(name);
    const { outbox, early } = await handleBatch(workplace, step, messagesOf(replay, step));
    if (early > 0) settings.log.warn(`recovery: ${early} messages of ${name} came too early and wait`);
    return { batch: outbox, isSame };
  }
}

/** What is told for the first time is sent by the sweeper, and to the journal as well, once the department is at work. */
async function write(
  tx: Tx,
  events: readonly Sealed[],
  { step, cause, at, events: before }: Replay,
  department: string,
) {
  const known = new Set(before.map(({ id }) => id));
  const fresh = events.filter(({ id }) => !known.has(id));
  if (fresh.length > 0) await enqueue(tx, fresh, { department, step, cause, at, handled: [] }, 0);
  const told = events.filter(({ id }) => known.has(id));
  return enqueue(tx, told, undefined);
}

async function takeLock(session: QueryRunner): Promise<boolean> {
  const [row] = (await session.query('select pg_try_advisory_lock($1) as taken', [LOCK])) as { taken: boolean }[];
  return row!.taken;
}

/** Whether something was told the first time, and is all told now; ids of what duties tell go by what it says. */
function tellsAll(before: Replay['events'], now: readonly Sealed[]): boolean {
  const ids = new Set(now.map(({ id }) => id));
  return before.length > 0 && before.every(({ id }) => ids.has(id));
}

/** Whether these events are those of the first time; of a duty in any order. */
function areSame({ cause, events }: Replay, now: readonly Sealed[]): boolean {
  const before = events.map((event) => JSON.stringify(event));
  const after = now.map(({ body }) => body.toString());
  if (cause === 'clock') for (const each of [before, after]) each.sort();
  return after.length === before.length && after.every((body, n) => body === before[n]);
}

function commandOf({ cause, messages, answers }: Replay) {
  const [{ key, base64 }] = messages as [ReplayedMessage];
  const [answer] = answers ?? [];
  if (cause === 'clock') return { cause, key, answer: answer ?? undefined } as const;
  const envelope = JSON.parse(Buffer.from(base64, 'base64').toString('utf8')) as Envelope;
  const input = envelope.data as object;
  attachEnvelope(input, envelope);
  return { cause: 'door', key, input } as const;
}

function messagesOf({ messages, answers }: Replay, step: Step): Message[] {
  return messages.map((message, n) => {
    const { key, base64, ...rest } = message;
    const body = Buffer.from(base64, 'base64');
    // Whatever it had become before, it is no longer deferred once it is handled.
    const raw = {
      ...{ contentType: undefined, messageId: undefined, ...rest, body, deferredKey: key },
      ...{ mayHaveCrashed: false, attempts: 0, early: 0, fromDeferred: true },
    };
    const opened = open(raw, step.events);
    if ('reasons' in opened) throw new Error(`message ${key} cannot be opened`);
    return { ...opened, raw, answer: answers?.[n] ?? undefined };
  });
}
