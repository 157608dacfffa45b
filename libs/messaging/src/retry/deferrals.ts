import { reasonOf } from '@retaguarda/database';
import type { DataSource } from 'typeorm';
import type { Incoming } from '../pipeline/step.js';
import { takeDue } from './deferred.js';
import { Rounds } from './rounds.js';

const TAKEN_AT_ONCE = 200;

/** Brings deferred messages back to their steps when their time has come. A slow step holds up only its own. */
export class Deferrals {
  private readonly rounds: Rounds;
  /** The steps that are at work on what was due, each with its end. */
  private readonly atWork = new Map<string, Promise<void>>();

  constructor(
    private readonly source: DataSource,
    private readonly take: (step: string, messages: readonly Incoming[]) => Promise<void>,
    private readonly log: (message: string) => void,
  ) {
    const pace = { soonMs: 100, idleMs: 1_000 };
    this.rounds = new Rounds(() => this.round(), { name: 'deferred', ...pace, log });
  }

  start(): void {
    this.rounds.start();
  }

  /** A message was put aside just now. */
  expect(): void {
    this.rounds.expect();
  }

  /** Resolves when every step is done with what it has. */
  async stop(): Promise<void> {
    await this.rounds.stop();
    await Promise.allSettled(this.atWork.values());
  }

  /** Handles all that is due now, to the end; returns how many. Rejects with what the first step rejected with. */
  async runDue(): Promise<number> {
    const { count, works } = await this.begin();
    const failed = (await Promise.allSettled(works)).find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
    return count;
  }

  private async round(): Promise<boolean> {
    const { count, works } = await this.begin();
    for (const work of works)
      work
        .catch((error: unknown) => this.rounds.isStopped || this.log(`deferred: ${reasonOf(error)}`))
        .finally(() => this.rounds.expect());
    return count > 0;
  }

  /** Gives what is due to the steps that are not at work yet. */
  private async begin(): Promise<{ count: number; works: Promise<void>[] }> {
    const due = await takeDue(this.source, TAKEN_AT_ONCE, [...this.atWork.keys()]);
    const bySteps = new Map<string, Incoming[]>();
    for (const { step, raw } of due) bySteps.set(step, [...(bySteps.get(step) ?? []), raw]);
    const works = [...bySteps].map(([step, messages]) => {
      const work = this.take(step, messages).finally(() => this.atWork.delete(step));
      this.atWork.set(step, work);
      return work;
    });
    return { count: due.length, works };
  }
}
