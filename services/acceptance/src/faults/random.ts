/** Chance that can be repeated: the same seed gives the same run of numbers. */
export class Chance {
  private state: number;

  constructor(readonly seed: string) {
    this.state = hash(seed);
  }

  /** A chance of its own, so that what is drawn here does not shift what is drawn there. */
  fork(name: string): Chance {
    return new Chance(`${this.seed}/${name}`);
  }

  /** In [0, 1). Mulberry32. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** A whole number from `least` to `most`. */
  whole(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  happens(probability: number): boolean {
    return this.next() < probability;
  }

  one<T>(of: readonly T[]): T {
    return of[this.whole(0, of.length - 1)]!;
  }

  /** A version 4 UUID. */
  uuid(): string {
    const hex = Array.from({ length: 32 }, () => this.whole(0, 15).toString(16)).join('');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
  }

  shuffled<T>(of: readonly T[]): T[] {
    const list = [...of];
    for (let last = list.length - 1; last > 0; last -= 1) {
      const other = this.whole(0, last);
      [list[last], list[other]] = [list[other]!, list[last]!];
    }
    return list;
  }
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (const char of text) h = Math.imul(h ^ char.codePointAt(0)!, 0x01000193);
  return h | 0;
}
