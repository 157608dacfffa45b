/**
 * Knows when everything that was set off has come to rest: no statement is under way, and nobody waits for a turn of the
 * event loop. Timers are the schedule's, so nothing else can go on by itself.
 */
export class Stillness {
  private underWay = 0;
  private waiting: (() => void) | undefined;
  private readonly turns = new Set<NodeJS.Immediate>();
  private readonly real = { setImmediate, clearImmediate };

  began(): void {
    this.underWay += 1;
  }

  ended(): void {
    this.underWay -= 1;
    if (this.underWay === 0) this.waiting?.();
  }

  /** Resolves after a turn of the event loop that left nothing to do. */
  async comes(): Promise<void> {
    do {
      if (this.underWay > 0) await new Promise<void>((resolve) => (this.waiting = resolve));
      this.waiting = undefined;
      await new Promise((resolve) => this.real.setImmediate(resolve));
    } while (this.underWay > 0 || this.turns.size > 0);
  }

  /** Notes from now on who waits for a turn. */
  install(): void {
    const world = globalThis as Record<string, unknown>;
    world['setImmediate'] = (callback: (...args: unknown[]) => void, ...args: unknown[]) => {
      const turn = this.real.setImmediate(() => {
        this.turns.delete(turn);
        callback(...args);
      });
      this.turns.add(turn);
      return turn;
    };
    world['clearImmediate'] = (turn: NodeJS.Immediate) => {
      this.turns.delete(turn);
      this.real.clearImmediate(turn);
    };
  }

  uninstall(): void {
    Object.assign(globalThis, this.real);
  }
}
