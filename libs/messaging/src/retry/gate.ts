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
  private readonly stop = new AbortController();

  constructor(private readonly source: DataSource) {}

  get isOpen(): boolean {
    return this.probing === undefined;
  }

  /** Runs `work`; when the database is unavailable, waits for it and runs `work` again. */
  async through<T>(work: () => Promise<T>): Promise<T> {
    for (;;) {
      await this.probing;
      if (this.stop.signal.aborted) throw new Stopping();
      try {
        return await work();
      } catch (error) {
        if (databaseFailure(error) !== 'unavailable') throw error;
        this.probing ??= this.probe().finally(() => (this.probing = undefined));
      }
    }
  }

  /** Ends all waiting with `Stopping`. */
  close(): void {
    this.stop.abort();
  }

  private async probe(): Promise<void> {
    for (let waitMs = FIRST_WAIT_MS; !this.stop.signal.aborted; waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)) {
      await wait(waitMs, undefined, { signal: this.stop.signal }).catch(() => undefined);
      try {
        await this.source.query('select 1');
        return;
      } catch {
        // Not back yet: the next round asks again.
      }
    }
  }
}
