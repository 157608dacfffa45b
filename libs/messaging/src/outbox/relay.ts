import { reasonOf } from '@retaguarda/database';
import type { DataSource } from 'typeorm';
import { reach } from '../failpoints.js';
import type { Publisher, Unsent } from '../rabbit/publisher.js';
import type { OutboxBatch } from './outbox.js';
import { confirm, keep, takeOver } from './outbox.js';

const CONFIRM_EVERY_MS = 200;
const SWEEP_EVERY_MS = 1_000;
const SWEEP_BATCHES = 20;
const FIRST_WAIT_MS = 2_000;
/** Below the minute within which everything is sent once a fault has healed. */
const LONGEST_WAIT_MS = 30_000;

/**
 * Sends committed outbox rows: at once, by the instance that committed them; a sweeper takes over what was left behind
 * by a crash, a broker that was away, or an event that no queue was bound to yet. A row is deleted only when all of its
 * events are confirmed. Sends at least once: the inboxes absorb repeats.
 */
export class Relay {
  private confirmed: string[] = [];
  private readonly underWay = new Set<Promise<void>>();
  private timers: NodeJS.Timeout[] = [];
  private sweeping: Promise<void> | undefined;
  private confirming: Promise<void> = Promise.resolve();
  private isStopped = false;

  constructor(
    private readonly source: DataSource,
    private readonly publisher: Publisher,
    private readonly log: (message: string) => void,
  ) {}

  start(): void {
    this.timers = [
      setInterval(() => void this.flush(), CONFIRM_EVERY_MS),
      setInterval(() => void this.sweep(), SWEEP_EVERY_MS),
    ];
  }

  /** Sends rows that were just committed. Resolves when the broker answered or the rows are left to the sweeper. */
  send(batches: readonly OutboxBatch[]): Promise<void> {
    const sending = Promise.all(batches.map((batch) => this.sendOne(batch))).then(() => undefined);
    this.underWay.add(sending);
    return sending.finally(() => this.underWay.delete(sending));
  }

  /** Waits for what is under way and deletes what is confirmed. */
  async stop(): Promise<void> {
    this.isStopped = true;
    this.timers.forEach(clearInterval);
    await this.sweeping;
    await Promise.all(this.underWay);
    await this.flush();
  }

  /** Resolves when it is known what became of the events. Nobody waits for the journal, except for the row. */
  private async sendOne(batch: OutboxBatch): Promise<void> {
    const { events, journal } = batch;
    const sending = this.publisher.publishAll(events);
    const noting = journal.length > 0 ? this.publisher.publishAll(journal) : sending;
    if (FAILPOINTS) await reach('after-publish', whereOf(batch));
    const unsent = await sending;
    if (unsent.events.length === 0 && FAILPOINTS) await reach('after-confirm', whereOf(batch));
    const settling = noting.then((unnoted) => this.settle(batch, unsent, unnoted));
    if (unsent.events.length > 0) return settling;
    this.underWay.add(settling);
    void settling.finally(() => this.underWay.delete(settling));
  }

  private async settle({ id, journal, attempts = 0 }: OutboxBatch, unsent: Unsent, unnoted: Unsent): Promise<void> {
    const left = { id, events: unsent.events, journal: journal.length > 0 ? unnoted.events : [] };
    if (left.events.length === 0 && left.journal.length === 0) return void this.confirmed.push(id);
    const delayMs = Math.min(FIRST_WAIT_MS * 2 ** attempts, LONGEST_WAIT_MS);
    await this.forget(keep(this.source, left, { why: unsent.why || unnoted.why, delayMs }));
  }

  /** Deletes confirmed rows in one statement for all batches of the last moment. */
  private flush(): Promise<void> {
    this.confirming = this.confirming.then(async () => {
      if (this.confirmed.length === 0) return;
      const ids = this.confirmed;
      this.confirmed = [];
      await this.forget(confirm(this.source, ids));
    });
    return this.confirming;
  }

  private sweep(): Promise<void> {
    this.sweeping ??= this.takeOverAll().finally(() => (this.sweeping = undefined));
    return this.sweeping;
  }

  private async takeOverAll(): Promise<void> {
    while (this.publisher.isReady && !this.isStopped) {
      const batches = await this.forget(takeOver(this.source, SWEEP_BATCHES));
      if (!batches || batches.length === 0) return;
      await this.send(batches);
      if (batches.length < SWEEP_BATCHES) return;
    }
  }

  /** A row whose bookkeeping failed keeps its lease and comes back to the sweeper: nothing is lost by going on. */
  private async forget<T>(work: Promise<T>): Promise<T | undefined> {
    try {
      return await work;
    } catch (error) {
      this.log(`outbox: ${reasonOf(error)}`);
      return undefined;
    }
  }
}

function whereOf({ events, journal }: OutboxBatch): string {
  return (events[0] ?? journal[0]!).type;
}
