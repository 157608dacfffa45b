import type { DataSource } from 'typeorm';
import type { Incoming } from '../pipeline/step.js';
import { takeDue } from './deferred.js';
import { Rounds } from './rounds.js';

const TAKEN_AT_ONCE = 200;

/** Brings deferred messages back to their steps when their time has come. */
export class Deferrals {
  private readonly rounds: Rounds;

  constructor(
    private readonly source: DataSource,
    private readonly take: (step: string, messages: readonly Incoming[]) => Promise<void>,
    log: (message: string) => void,
  ) {
    const pace = { soonMs: 100, idleMs: 1_000 };
    this.rounds = new Rounds(async () => (await this.runDue()) > 0, { name: 'deferred', ...pace, log });
  }

  start(): void {
    this.rounds.start();
  }

  /** A message was put aside just now. */
  expect(): void {
    this.rounds.expect();
  }

  stop(): Promise<void> {
    return this.rounds.stop();
  }

  /** Handles all that is due now, each step beside the others: a slow one holds up only itself. Returns how many. */
  async runDue(): Promise<number> {
    const due = await takeDue(this.source, TAKEN_AT_ONCE);
    const bySteps = new Map<string, Incoming[]>();
    for (const { step, raw } of due) bySteps.set(step, [...(bySteps.get(step) ?? []), raw]);
    const taken = await Promise.allSettled([...bySteps].map(([step, messages]) => this.take(step, messages)));
    const failed = taken.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
    return due.length;
  }
}
