import { thereAndBack } from './there-and-back.js';

describe('the order of backlogs', () => {
  it('goes up to the largest and back, small ones several times', () => {
    expect(thereAndBack([100_000, 1_000, 10_000], 250)).toEqual([
      ...[1_000, 1_000, 1_000, 10_000, 100_000],
      ...[10_000, 1_000, 1_000, 1_000],
    ]);
  });

  it('has nothing to go back to with one size or none', () => {
    expect([thereAndBack([1_000], 20), thereAndBack([], 20)]).toEqual([[1_000], []]);
  });
});
