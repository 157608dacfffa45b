/** A seeded source of chance (xoshiro128**): the same seed throws the same numbers, on every machine. */
export class Dice {
  private readonly state: Uint32Array;

  /** @param seed a whole number from 0 to 2^32 - 1 */
  constructor(readonly seed: number) {
    let mixed = seed >>> 0;
    this.state = Uint32Array.from({ length: 4 }, () => (mixed = scramble(mixed + 0x9e3779b9)));
  }

  /** A number in [0, 1), for what asks for `Math.random`. */
  readonly random = (): number => this.next() / 2 ** 32;

  /** A whole number from 0 to `limit` - 1. */
  below(limit: number): number {
    return Math.floor(this.random() * limit);
  }

  /** A whole number from `least` to `most`. */
  between(least: number, most: number): number {
    return least + this.below(most - least + 1);
  }

  /** True in `percent` of a hundred throws. */
  chance(percent: number): boolean {
    return this.random() * 100 < percent;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }

  /** One of the items, each as likely as its weight says. */
  weighted<T>(items: readonly (readonly [item: T, weight: number])[]): T {
    let left = this.random() * items.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [item, weight] of items) if ((left -= weight) < 0) return item;
    return items.at(-1)![0];
  }

  /** Some of the items in any order: at least one, at most `limit`. */
  some<T>(items: readonly T[], limit = items.length): T[] {
    const left = [...items];
    const count = this.between(1, Math.min(limit, items.length));
    return Array.from({ length: count }, () => left.splice(this.below(left.length), 1)[0]!);
  }

  private next(): number {
    const state = this.state;
    const result = Math.imul(rotate(Math.imul(state[1]!, 5), 7), 9) >>> 0;
    const shifted = state[1]! << 9;
    state[2]! ^= state[0]!;
    state[3]! ^= state[1]!;
    state[1]! ^= state[2]!;
    state[0]! ^= state[3]!;
    state[2]! ^= shifted;
    state[3] = rotate(state[3]!, 11);
    return result;
  }
}

/** The seed of one schedule of a run: any two differ, so that one number is enough to play it again. */
export function seedOf(run: number, schedule: number): number {
  return scramble((run + Math.imul(schedule, 0x9e3779b1)) >>> 0);
}

/** A permutation of 32-bit numbers that leaves no pattern (the finalizer of MurmurHash3). */
function scramble(value: number): number {
  let x = value >>> 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}

function rotate(value: number, by: number): number {
  return ((value << by) | (value >>> (32 - by))) >>> 0;
}
