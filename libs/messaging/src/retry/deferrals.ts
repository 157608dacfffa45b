import { reasonOf } from '@retaguarda/database';
import type { DataSource } from 'typeorm';
import type { Incoming } from '../pipeline/step.js';
import { takeDue } from './deferred.js';

const POLL_MS = 100;
const IDLE_POLL_MS = 1_000;
const TAKEN_AT_ONCE = 200;

/** Brings deferred messages back to their steps when their time has come. */
export class Deferrals {
  private timer: NodeJS.Timeout | undefined;
  private round: Promise<void> = Promise.resolve();
  private isStopped = false;
  private isLooking = false;
  /** A message was put aside just now: look again soon rather than at the idle pace. */
  private isExpecting = true;

  constructor(
    private readonly source: DataSource,
    private readonly take: (step: string, messages: readonly Incoming[]) => Promise<void>,
    private readonly log: (message: string) => void,
  ) {}

  start(): void {
    this.schedule(POLL_MS);
  }

  expect(): void {
    if (this.isExpecting) return;
    this.isExpecting = true;
    if (!this.isLooking) this.schedule(POLL_MS);
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.timer);
    await this.round;
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

  private schedule(delayMs: number): void {
    if (this.isStopped) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.round = this.look();
    }, delayMs);
  }

  private async look(): Promise<void> {
    this.isLooking = true;
    this.isExpecting = false;
    try {
      if ((await this.runDue()) > 0) this.isExpecting = true;
    } catch (error) {
      if (!this.isStopped) this.log(`deferred: ${reasonOf(error)}`);
    }
    this.isLooking = false;
    this.schedule(this.isExpecting ? POLL_MS : IDLE_POLL_MS);
  }
}
