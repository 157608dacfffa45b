/** A repeatable stream of numbers from 0 up to 1 (xorshift32): the same seed, the same orders. */
export function chanceFrom(seed: number): () => number {
  let state = seed | 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
