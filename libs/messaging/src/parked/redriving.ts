import { inTransaction, reasonOf, type Clock } from '@retaguarda/database';
import type { DataSource } from 'typeorm';
import { withoutConflict } from '../pipeline/transaction.js';
import { advanceRedrive } from './advance-redrive.js';

const POLL_MS = 100;
const IDLE_POLL_MS = 2_000;

/**
 * The duty that gives back what re-drives have chosen. Every instance has it; the row of a re-drive is locked while a bit
 * of it is given back, so that one at a time does it, and what a killed instance had begun is rolled back.
 */
export class Redriving {
  private timer: NodeJS.Timeout | undefined;
  private round: Promise<void> = Promise.resolve();
  private isStopped = false;
  private isLooking = false;
  private isExpecting = true;

  constructor(
    private readonly source: DataSource,
    private readonly clock: Clock,
    /** Told whenever messages were given back. */
    private readonly onGivenBack: () => void,
    private readonly log: (message: string) => void,
  ) {}

  start(): void {
    this.schedule(POLL_MS);
  }

  /** A re-drive was started or resumed just now: look again soon rather than at the idle pace. */
  expect(): void {
    this.isExpecting = true;
    if (!this.isLooking && this.timer) this.schedule(POLL_MS);
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.timer);
    await this.round;
  }

  /** Does all that is due now, one bit a transaction. Returns how many messages were given back. */
  async runDue(): Promise<number> {
    let total = 0;
    for (let given = await this.advance(); given !== undefined; given = await this.advance()) total += given;
    return total;
  }

  /** Does one bit of one re-drive. Returns how many messages were given back, or undefined when none is due. */
  async advance(): Promise<number | undefined> {
    if (this.isStopped) return undefined;
    const given = await withoutConflict(() => inTransaction(this.source, this.clock, advanceRedrive));
    if (given) this.onGivenBack();
    return given;
  }

  private async look(): Promise<void> {
    this.isLooking = true;
    this.isExpecting = false;
    try {
      await this.runDue();
      const running: unknown[] = await this.source.query(`select 1 from redrives where state = 'running' limit 1`);
      if (running.length > 0) this.isExpecting = true;
    } catch (error) {
      if (!this.isStopped) this.log(`re-drives: ${reasonOf(error)}`);
    }
    this.isLooking = false;
    this.schedule(this.isExpecting ? POLL_MS : IDLE_POLL_MS);
  }

  private schedule(delayMs: number): void {
    if (this.isStopped) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.round = this.look();
    }, delayMs);
  }
}
