import { reasonOf } from '@retaguarda/database';
import type { DataSource } from 'typeorm';
import type { Incoming } from '../pipeline/step.js';
import { LEASE_SECONDS, renewLeases, takeDue } from './deferred.js';
import { Rounds } from './rounds.js';

const TAKEN_AT_ONCE = 200;
/** Twice may fail before a lease runs out. */
const RENEW_EVERY_MS = (LEASE_SECONDS / 3) * 1_000;

/** What a step is at work on, and its end. */
interface AtWork {
  readonly messages: readonly Incoming[];
  readonly end: Promise<void>;
}

/**
 * Brings deferred messages back to their steps when their time has come. A slow step holds up only its own, and keeps
 * what it has from other instances for as long as it takes.
 */
export class Deferrals {
  private readonly rounds: Rounds;
  private readonly atWork = new Map<string, AtWork>();
  private renewing: NodeJS.Timeout | undefined;

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
    this.renewing = setInterval(() => void this.renew(), RENEW_EVERY_MS);
  }

  /** A message was put aside just now. */
  expect(): void {
    this.rounds.expect();
  }

  /** Resolves when every step is done with what it has. */
  async stop(): Promise<void> {
    await this.rounds.stop();
    await Promise.allSettled([...this.atWork.values()].map(({ end }) => end));
    clearInterval(this.renewing);
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
      const end = this.take(step, messages).finally(() => this.atWork.delete(step));
      this.atWork.set(step, { messages, end });
      return end;
    });
    return { count: due.length, works };
  }

  private async renew(): Promise<void> {
    const held = [...this.atWork].flatMap(([step, { messages }]) => messages.map((raw) => ({ step, raw })));
    if (held.length === 0) return;
    try {
      await renewLeases(this.source, held);
    } catch (error) {
      this.log(`deferred: ${reasonOf(error)}`);
    }
  }
}
