import { reasonOf } from '@retaguarda/database';
import type { Process } from '../process/process.js';
import type { Desk } from './desk.js';

const FORGET_EVERY_MS = 60 * 60_000;

/**
 * Runs the `every` rows of a process, and the one duty that no table names: forgetting old claims of the inbox. A duty
 * that fails says so and runs again at its next time.
 */
export class Duties {
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private readonly running = new Set<Promise<void>>();
  private isStopped = false;

  constructor(
    private readonly process: Process,
    private readonly desk: Desk,
    private readonly log: (message: string) => void,
  ) {}

  start(): void {
    for (const row of this.process.rows)
      if (row.trigger.kind === 'clock') this.repeat(row.name, row.trigger.everyMs, () => this.desk.run(row));
    this.repeat('inbox', FORGET_EVERY_MS, () => this.forgetOldClaims());
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    for (const timer of this.timers.values()) clearTimeout(timer);
    await Promise.all(this.running);
  }

  /** In bounded transactions; a department that was off for a while has more than one of them to do. */
  async forgetOldClaims(): Promise<void> {
    while (!this.isStopped && (await this.desk.forgetOldClaims()));
  }

  private repeat(name: string, everyMs: number, work: () => Promise<unknown>): void {
    if (this.isStopped) return;
    const timer = setTimeout(() => {
      const run = this.run(name, work).finally(() => {
        this.running.delete(run);
        this.repeat(name, everyMs, work);
      });
      this.running.add(run);
    }, everyMs);
    this.timers.set(name, timer);
  }

  private async run(name: string, work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!this.isStopped) this.log(`${name}: ${reasonOf(error)}`);
    }
  }
}
