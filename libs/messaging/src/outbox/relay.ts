import { reasonOf } from '@retaguarda/database';
import type { DataSource } from 'typeorm';
import type { Sealed } from '../envelope/envelope.js';
import { reach } from '../failpoints.js';
import type { Publisher } from '../rabbit/publisher.js';
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

  private async sendOne({ id, events, journal, attempts = 0 }: OutboxBatch): Promise<void> {
    const all = journal.length > 0 ? [...events, ...journal] : events;
    const sending = this.publisher.publishAll(all);
    if (FAILPOINTS) await reach('after-publish', all[0]!.type);
    const unsent = await sending;
    if (unsent.events.length === 0) {
      if (FAILPOINTS) await reach('after-confirm', all[0]!.type);
      this.confirmed.push(id);
      return;
    }
    const delayMs = Math.min(FIRST_WAIT_MS * 2 ** attempts, LONGEST_WAIT_MS);
    const left = { id, events: unsent.events.filter(isEvent), journal: unsent.events.filter((one) => !isEvent(one)) };
    await this.forget(keep(this.source, left, { why: unsent.why, delayMs }));
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

function isEvent({ exchange }: Sealed): boolean {
  return exchange === undefined;
}
