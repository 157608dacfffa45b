import { median, percentile } from './percentiles.js';

describe('percentiles', () => {
  const hundred = Array.from({ length: 100 }, (_, n) => 100 - n);

  it('are values that were really measured', () => {
    expect([percentile(hundred, 0.5), percentile(hundred, 0.99), percentile(hundred, 1)]).toEqual([50, 99, 100]);
  });

  it('have their middle between two rounds, whichever was the better', () => {
    expect([median([570, 689]), median([689, 570]), median([3, 1, 2]), median([4])]).toEqual([629.5, 629.5, 2, 4]);
  });

  it('of one value are that value, of none nothing', () => {
    expect([percentile([7], 0.01), percentile([7], 0.99)]).toEqual([7, 7]);
    expect(median([])).toBeNaN();
  });
});
