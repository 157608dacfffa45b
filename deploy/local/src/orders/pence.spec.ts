import { pence } from './pence.js';

describe('Prices of the file', () => {
  it.each([
    ['2.55', 255],
    ['18.0', 1_800],
    ['0.03', 3],
    ['295', 29_500],
    ['4.5', 450],
    // As a float 1.005 · 100 is 100.49999999999999 and 569.77 · 100 is 56976.99999999999.
    ['1.005', 101],
    ['569.77', 56_977],
    ['0.001', 0],
    ['-11062.06', -1_106_206],
    ['0.0', 0],
  ])('%s pounds are %d pence', (pounds, amount) => {
    expect(pence(pounds)).toBe(amount);
  });

  it.each(['', 'abc', '1,50', '1e3', '.5', '£2'])('"%s" is no price', (text) => {
    expect(pence(text)).toBeUndefined();
  });
});
