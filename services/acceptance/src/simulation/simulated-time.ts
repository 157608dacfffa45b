import type { Clock } from '@retaguarda/database';
import { Life } from './life.js';

interface Timer {
  readonly life: Life;
  readonly callback: () => void;
  /** Of an interval. */
  readonly everyMs: number | undefined;
  due: number;
  unref(): this;
  ref(): this;
}

export const EPOCH = Date.parse('2026-03-02T12:00:00Z');

/**
 * Time and chance of the simulated processes. Timers that are set in a life do not run by themselves: the schedule moves
 * the clock and says whose are fired. Outside any life, timers are real.
 */
export class SimulatedTime implements Clock {
  private nowMs = EPOCH;
  private timers = new Set<Timer>();
  private readonly real = { setTimeout, clearTimeout, setInterval, clearInterval, random: Math.random };

  now(): Date {
    return new Date(this.nowMs);
  }

  get ms(): number {
    return this.nowMs;
  }

  advance(ms: number): void {
    this.nowMs += ms;
  }

  /** Back to the beginning, without timers. */
  reset(random: () => number): void {
    this.nowMs = EPOCH;
    this.timers.clear();
    Math.random = () => (Life.current ? random() : this.real.random());
  }

  /** Takes the place of the timers and the chance that the processes know as globals. */
  install(): void {
    const world = globalThis as Record<string, unknown>;
    const set = (real: typeof setTimeout, isInterval: boolean) => {
      return (callback: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) =>
        Life.current ? this.set(() => callback(...args), ms, isInterval) : real(callback, ms, ...args);
    };
    const clear = (real: typeof clearTimeout) => (timer: never) => {
      if (!this.timers.delete(timer as Timer)) real(timer);
    };
    world['setTimeout'] = set(this.real.setTimeout, false);
    world['setInterval'] = set(this.real.setInterval as never, true);
    world['clearTimeout'] = clear(this.real.clearTimeout);
    world['clearInterval'] = clear(this.real.clearInterval as never);
  }

  uninstall(): void {
    const { random, ...timers } = this.real;
    Object.assign(globalThis, timers);
    Math.random = random;
  }

  /** Fires one timer of this life that is due, the earliest first; false when there is none. */
  fireOne(life: Life): boolean {
    let first: Timer | undefined;
    for (const timer of this.timers)
      if (timer.life === life && timer.due <= this.nowMs && (!first || timer.due < first.due)) first = timer;
    if (!first) return false;
    // However late, an interval fires once: as after a process was held up.
    if (first.everyMs === undefined) this.timers.delete(first);
    else first.due = this.nowMs + Math.max(1, first.everyMs);
    life.live(first.callback);
    return true;
  }

  /** The timers of a life that is over. */
  forget(life: Life): void {
    for (const timer of this.timers) if (timer.life === life) this.timers.delete(timer);
  }

  private set(callback: () => void, ms: number, isInterval: boolean): Timer {
    const timer: Timer = {
      life: Life.current!,
      callback,
      everyMs: isInterval ? ms : undefined,
      due: this.nowMs + ms,
      unref: () => timer,
      ref: () => timer,
    };
    if (!timer.life.isOver) this.timers.add(timer);
    return timer;
  }
}
