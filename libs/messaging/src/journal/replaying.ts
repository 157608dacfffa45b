import { reasonOf, type Clock } from '@retaguarda/database';
import { setTimeout as wait } from 'node:timers/promises';
import type { DataSource, QueryRunner } from 'typeorm';
import { attachEnvelope, type Envelope } from '../envelope/envelope.js';
import { open } from '../envelope/open.js';
import type { MessagingLog } from '../messaging.js';
import type { OutboxBatch } from '../outbox/outbox.js';
import type { Desk } from '../pipeline/desk.js';
import type { Message, Step } from '../pipeline/step.js';
import { handleBatch, withoutConflict, type Workplace } from '../pipeline/transaction.js';
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

/** Thrown to roll a transaction back that would not come out as it did the first time. */
class Different extends Error {
  override readonly name = 'Different';
}

type Check = NonNullable<Workplace['again']>;

/**
 * Does again what the department had done before its database was set back, in the journal's order and on the journal's
 * clock, so that ids, numbers and times come out as they did. What is in the inbox is skipped. Events are sent again
 * under their ids of the first time: whoever has them takes no notice.
 *
 * Entries stand in the order of their writes. Where that was not the order of what they read, a transaction comes out
 * differently; it is rolled back and tried after the others, and at last taken as it comes, with a warning.
 */
export class Replaying {
  private replayed = 0;

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
    const { log } = this.at.settings;
    const begin = Date.now();
    log.info(`recovery: ${ids.length} transactions are to be done again`);
    let left = ids;
    for (let before = left.length + 1; left.length > 0 && left.length < before;) {
      before = left.length;
      left = await this.round(left, true);
    }
    const stays = left.length > 0 ? await this.round(left, false) : [];
    log.info(
      `recovery: ${this.replayed} transactions done again in ${Date.now() - begin} ms, ` +
        `${left.length - stays.length} of them not as the first time, ${stays.length} left in the table replays`,
    );
  }

  /** Returns those that were not done. */
  private async round(ids: readonly string[], isExact: boolean): Promise<string[]> {
    const { source, log } = this.at.settings;
    const left: string[] = [];
    for (const id of ids) {
      const replay = await this.at.gate.through(() => findReplay(source, id));
      if (!replay) continue;
      try {
        const batch = await this.at.gate.through(() => withoutConflict(() => this.again(replay, isExact)));
        await replayDone(source, id);
        if (batch) void this.at.relay.send([batch]);
        this.replayed += 1;
        if (!isExact) log.warn(`recovery: ${replay.step} of ${replay.at.toISOString()} did not come out as before`);
      } catch (error) {
        left.push(id);
        if (isExact) continue;
        await replayFailed(source, id, reasonOf(error));
        log.warn(`recovery: ${replay.step} of ${replay.at.toISOString()} cannot be done again: ${reasonOf(error)}`);
      }
    }
    return left;
  }

  private async again(replay: Replay, isExact: boolean): Promise<OutboxBatch | undefined> {
    const { department, settings, desk } = this.at;
    const clock: Clock = { now: () => replay.at };
    // A duty does what there is to do; how much of it falls to which run is of no account.
    const check = isExact && replay.cause !== 'clock' ? sameAs(replay) : () => undefined;
    const workplace: Workplace = { department, source: settings.source, clock, again: check };
    if (replay.cause !== 'messages') return desk.again(workplace, replay.step, commandOf(replay));
    const step = this.at.step(replay.step);
    const { outbox, early } = await handleBatch(workplace, step, messagesOf(replay, step));
    if (early > 0) settings.log.warn(`recovery: ${early} messages of ${replay.step} came too early and wait`);
    return outbox;
  }
}

async function takeLock(session: QueryRunner): Promise<boolean> {
  const [row] = (await session.query('select pg_try_advisory_lock($1) as taken', [LOCK])) as { taken: boolean }[];
  return row!.taken;
}

function sameAs({ events }: Replay): Check {
  const before = events.map((event) => JSON.stringify(event));
  return (now, early) => {
    if (early > 0 || now.length !== before.length || now.some(({ body }, n) => body.toString() !== before[n]))
      throw new Different();
  };
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
