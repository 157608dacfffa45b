const STILL_TURNS = 3;

/** Knows when everything that was set off has come to rest: no statement is under way and nobody does anything new. */
export class Stillness {
  private underWay = 0;
  private activity = 0;
  private waiting: (() => void) | undefined;

  note(): void {
    this.activity += 1;
  }

  began(): void {
    this.underWay += 1;
    this.activity += 1;
  }

  ended(): void {
    this.underWay -= 1;
    this.activity += 1;
    if (this.underWay === 0) this.waiting?.();
  }

  /** Resolves when some turns of the event loop went by without anything. */
  async comes(): Promise<void> {
    for (let turns = 0; turns < STILL_TURNS; turns += 1) {
      const before = this.activity;
      if (this.underWay > 0) await new Promise<void>((resolve) => (this.waiting = resolve));
      this.waiting = undefined;
      await new Promise((resolve) => setImmediate(resolve));
      if (this.underWay > 0 || this.activity !== before) turns = -1;
    }
  }
}
