import { databaseFailure } from '@retaguarda/database';
import { setTimeout as wait } from 'node:timers/promises';
import type { DataSource } from 'typeorm';

const FIRST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 5_000;

/** Thrown out of waiting work when the department stops; its messages go back to the broker unfinished. */
export class Stopping extends Error {
  override readonly name = 'Stopping';
}

/**
 * Closes while the database cannot be reached: all steps wait at it and burn no attempts, and one probe at a time asks
 * whether the database is back.
 */
export class Gate {
  private probing: Promise<void> | undefined;
  private isClosed = false;
  private readonly givingUp = new AbortController();

  constructor(private readonly source: DataSource) {}

  get isOpen(): boolean {
    return this.probing === undefined;
  }

  /** Runs `work`; when the database is unavailable, waits for it and runs `work` again. */
  async through<T>(work: () => Promise<T>): Promise<T> {
    for (;;) {
      if (this.probing) await this.waitForDatabase(this.probing);
      if (this.isClosed) throw new Stopping();
      try {
        return await work();
      } catch (error) {
        if (databaseFailure(error) !== 'unavailable') throw error;
        if (this.givingUp.signal.aborted) throw new Stopping();
        this.probing ??= this.probe().finally(() => (this.probing = undefined));
      }
    }
  }

  /** Ends all waiting for the database with `Stopping`, now and from now on. Work that the database answers goes on. */
  giveUpWaiting(): void {
    this.givingUp.abort();
  }

  /** Lets nothing through any more. */
  close(): void {
    this.isClosed = true;
    this.giveUpWaiting();
  }

  private async waitForDatabase(probing: Promise<void>): Promise<void> {
    await probing;
    if (this.givingUp.signal.aborted) throw new Stopping();
  }

  private async probe(): Promise<void> {
    const { signal } = this.givingUp;
    const givenUp = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    for (let waitMs = FIRST_WAIT_MS; !signal.aborted; waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)) {
      await wait(waitMs, undefined, { signal }).catch(() => undefined);
      try {
        // A database that has gone silent must not keep a department from stopping.
        await Promise.race([this.source.query('select 1'), givenUp]);
        return;
      } catch {
        // Not back yet: the next round asks again.
      }
    }
  }
}
