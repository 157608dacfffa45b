import { reasonOf } from '@retaguarda/database';

export interface RoundsSettings {
  /** Called in the log when a round fails. */
  readonly name: string;
  /** How long to wait while there is something to expect, and while there is nothing. */
  readonly soonMs: number;
  readonly idleMs: number;
  readonly log: (message: string) => void;
}

/**
 * Does a piece of work again and again, one round at a time, until it is stopped: soon while there is something to
 * expect, at an idle pace otherwise. A round that fails says so, and the next one comes at its time.
 */
export class Rounds {
  private timer: NodeJS.Timeout | undefined;
  private round: Promise<void> = Promise.resolve();
  private isAtWork = false;
  private isExpecting = true;
  private hasStopped = false;

  /** @param work resolves to whether the next round is to come soon */
  constructor(
    private readonly work: () => Promise<boolean>,
    private readonly at: RoundsSettings,
  ) {}

  get isStopped(): boolean {
    return this.hasStopped;
  }

  start(): void {
    this.schedule(this.at.soonMs);
  }

  /** There is something to do now: look again soon rather than at the idle pace. */
  expect(): void {
    if (this.isExpecting) return;
    this.isExpecting = true;
    if (!this.isAtWork) this.schedule(this.at.soonMs);
  }

  /** Resolves when the round at work is over. */
  async stop(): Promise<void> {
    this.hasStopped = true;
    clearTimeout(this.timer);
    await this.round;
  }

  private schedule(delayMs: number): void {
    if (this.hasStopped) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.round = this.run();
    }, delayMs);
  }

  private async run(): Promise<void> {
    this.isAtWork = true;
    this.isExpecting = false;
    try {
      if (await this.work()) this.isExpecting = true;
    } catch (error) {
      if (!this.hasStopped) this.at.log(`${this.at.name}: ${reasonOf(error)}`);
    }
    this.isAtWork = false;
    this.schedule(this.isExpecting ? this.at.soonMs : this.at.idleMs);
  }
}
