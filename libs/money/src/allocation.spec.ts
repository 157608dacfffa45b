import fc from 'fast-check';
import { allocate, instalments } from './allocation.js';
import { sum } from './amounts.js';

fc.configureGlobal({ seed: 20_261_124, numRuns: 1_000 });

/** Small ones make ties, large ones reach the bounds. */
const amounts = () => fc.oneof(fc.nat(50), fc.maxSafeNat());

const listOf = (weight: fc.Arbitrary<number>) => fc.array(weight, { minLength: 1, maxLength: 30 });
const weights = () => fc.oneof(listOf(fc.nat(5)), listOf(fc.maxSafeNat())).filter((all) => all.some(Boolean));

describe('an amount divided by weights', () => {
  it.each([
    { amount: 10_000, weights: [1, 1, 1], parts: [3334, 3333, 3333], why: 'equal parts: the first has the odd cent' },
    { amount: 100, weights: [5, 3, 1], parts: [56, 33, 11], why: 'the largest remainder has the odd cent' },
    { amount: 1, weights: [1, 2], parts: [0, 1], why: 'not the first, but who lost most' },
    { amount: 2, weights: [1, 3], parts: [0, 2], why: 'at a tie the heavier' },
    { amount: 2, weights: [3, 1], parts: [2, 0], why: 'at a tie the heavier, wherever it stands' },
    { amount: 5, weights: [0, 1, 0], parts: [0, 5, 0], why: 'nothing for no weight' },
    { amount: -10_000, weights: [1, 1, 1], parts: [-3334, -3333, -3333], why: 'a refund as its sale' },
    { amount: 0, weights: [1, 2], parts: [0, 0], why: 'nothing to divide' },
    { amount: 7, weights: [1], parts: [7], why: 'one part is the whole' },
  ])('$amount by $weights is $parts: $why', ({ amount, weights, parts }) => {
    expect(allocate(amount, weights)).toEqual(parts);
  });

  it('is neither more nor less afterwards', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), weights(), (amount, all) => {
        expect(sum(allocate(amount, all))).toBe(amount);
      }),
    );
  });

  it('gives each part its share to less than one unit', () => {
    fc.assert(
      fc.property(amounts(), weights(), (amount, all) => {
        const total = all.reduce((whole, weight) => whole + BigInt(weight), 0n);
        allocate(amount, all).forEach((part, index) => {
          const error = BigInt(part) * total - BigInt(amount) * BigInt(all[index]!);
          expect(error < total && -error < total).toBe(true);
        });
      }),
    );
  });

  it('gives the same to the same weights in whatever order they stand', () => {
    const shuffled = weights().chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
    );
    const given = (amount: number, all: readonly number[]) =>
      allocate(amount, all)
        .map((part, index) => `${all[index]}:${part}`)
        .sort();
    fc.assert(
      fc.property(amounts(), shuffled, (amount, [all, other]) => {
        expect(given(amount, other)).toEqual(given(amount, all));
      }),
    );
  });

  it('never gives less to a heavier part', () => {
    fc.assert(
      fc.property(amounts(), weights(), (amount, all) => {
        const sorted = [...all].sort((one, other) => other - one);
        const parts = allocate(amount, sorted);
        expect(parts).toEqual([...parts].sort((one, other) => other - one));
      }),
    );
  });

  it.each([[[]], [[0, 0]], [[1, -1]], [[0.5]], [[NaN]]])('refuses the weights %j', (wrong) => {
    expect(() => allocate(100, wrong)).toThrow(RangeError);
  });

  it('refuses an amount that is not exact', () => {
    expect(() => allocate(0.1, [1])).toThrow(RangeError);
  });
});

describe('instalments', () => {
  it.each([
    { amount: 23_770, count: 3, parts: [7924, 7923, 7923] },
    { amount: 10_000, count: 1, parts: [10_000] },
    { amount: 2, count: 3, parts: [1, 1] },
    { amount: 0, count: 3, parts: [0] },
  ])('of $amount in $count are $parts', ({ amount, count, parts }) => {
    expect(instalments(amount, count)).toEqual(parts);
  });

  it('add up to the amount, differ by one unit at most, and the larger come first', () => {
    fc.assert(
      fc.property(amounts(), fc.integer({ min: 1, max: 48 }), (amount, count) => {
        const parts = instalments(amount, count);
        expect(sum(parts)).toBe(amount);
        expect(parts[0]! - parts.at(-1)!).toBeLessThanOrEqual(1);
        expect(parts).toEqual([...parts].sort((one, other) => other - one));
        expect(parts).toHaveLength(Math.max(1, Math.min(count, amount)));
      }),
    );
  });

  it.each([
    [-1, 1],
    [0.5, 1],
    [100, 0],
    [100, 1.5],
    [100, -3],
  ])('of %p in %p are refused', (amount, count) => {
    expect(() => instalments(amount, count)).toThrow(RangeError);
  });
});
