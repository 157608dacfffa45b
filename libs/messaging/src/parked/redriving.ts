import { inTransaction, type Clock } from '@retaguarda/database';
import type { DataSource } from 'typeorm';
import { withoutConflict } from '../pipeline/transaction.js';
import { Rounds } from '../retry/rounds.js';
import { advanceRedrive } from './advance-redrive.js';

/**
 * The duty that gives back what re-drives have chosen. Every instance has it; the row of a re-drive is locked while a bit
 * of it is given back, so that one at a time does it, and what a killed instance had begun is rolled back.
 */
export class Redriving {
  private readonly rounds: Rounds;

  constructor(
    private readonly source: DataSource,
    private readonly clock: Clock,
    /** Told whenever messages were given back. */
    private readonly onGivenBack: () => void,
    log: (message: string) => void,
  ) {
    this.rounds = new Rounds(() => this.look(), { name: 're-drives', soonMs: 100, idleMs: 2_000, log });
  }

  start(): void {
    this.rounds.start();
  }

  /** A re-drive was started or resumed just now. */
  expect(): void {
    this.rounds.expect();
  }

  stop(): Promise<void> {
    return this.rounds.stop();
  }

  /** Does all that is due now, one bit a transaction. Returns how many messages were given back. */
  async runDue(): Promise<number> {
    let total = 0;
    for (let given = await this.advance(); given !== undefined; given = await this.advance()) total += given;
    return total;
  }

  /** Does one bit of one re-drive. Returns how many messages were given back, or undefined when none is due. */
  async advance(): Promise<number | undefined> {
    if (this.rounds.isStopped) return undefined;
    const given = await withoutConflict(() => inTransaction(this.source, this.clock, advanceRedrive));
    if (given) this.onGivenBack();
    return given;
  }

  private async look(): Promise<boolean> {
    await this.runDue();
    const running: unknown[] = await this.source.query(`select 1 from redrives where state = 'running' limit 1`);
    return running.length > 0;
  }
}
