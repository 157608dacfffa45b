import type { Told } from './lane.js';

export interface Aim {
  /** The first schedule, and how many lanes take turns. */
  readonly first: number;
  readonly step: number;
  /** How many schedules; undefined when only time is the limit. */
  readonly count: number | undefined;
  /** Milliseconds since 1970. */
  readonly until: number;
}

/** How far a run is, in words. */
export class Progress {
  played = 0;
  failed = 0;
  private orders = 0;
  private crashes = 0;
  /** By lane, the schedule that it would play next. */
  private readonly next = new Map<number, number>();

  constructor(
    private readonly aim: Aim,
    private readonly clock: () => number = Date.now,
    private readonly begin = clock(),
  ) {
    for (let lane = 0; lane < aim.step; lane += 1) this.next.set(lane, aim.first + lane);
  }

  hear(told: Told): void {
    if ('failed' in told) {
      this.failed += 1;
      return;
    }
    this.played += told.played;
    this.orders += told.orders;
    this.crashes += told.crashes;
    this.next.set((told.next - this.aim.first) % this.aim.step, told.next);
  }

  /** `1200 of 5000 schedules, 3100 a minute, 0 failed, 1.2 minutes left` */
  line(): string {
    const { count, until } = this.aim;
    const left = Math.min(
      count === undefined ? Infinity : (count - this.played) / Math.max(1, this.aMinute),
      (until - this.clock()) / 60_000,
    );
    const of = count === undefined ? '' : ` of ${count}`;
    return `${this.played}${of} schedules, ${this.aMinute} a minute, ${this.failed} failed, ${left.toFixed(1)} minutes left`;
  }

  /** What was done, and how to go on from there: below `next` no schedule was left out. */
  summary(seed: string): string {
    const next = Math.min(...this.next.values());
    const whole =
      next > this.aim.first ? `all of ${this.aim.first} to ${next - 1} were played` : 'none was played to its end';
    return (
      `${this.played} schedules with ${this.orders} orders and ${this.crashes} crashes in ` +
      `${this.minutes.toFixed(1)} minutes: ${this.aMinute} a minute; ${this.failed} failed\n` +
      `${whole}; go on: npm run simulate -- --seed ${seed} --from ${next}`
    );
  }

  private get minutes(): number {
    return (this.clock() - this.begin) / 60_000;
  }

  private get aMinute(): number {
    return Math.round(this.played / this.minutes);
  }
}
