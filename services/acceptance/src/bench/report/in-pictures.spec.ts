import { departments } from '../company/departments.js';
import { mapAccounts } from '../machine/accounts.js';
import type { BacklogFigures, ContenderFigures } from '../phases/figures.js';
import { inPictures } from './in-pictures.js';

const backlog = (size: number, ordersPerSecond: number, cpuTotal: number): BacklogFigures => ({
  ...{ size, orders: size, seconds: size / ordersPerSecond, ordersPerSecond, cpuTotal, otherCores: 0 },
  ...{ cpu: mapAccounts(() => cpuTotal / 7), cash: { p50: 1, p99: 2 } },
  progress: Array.from({ length: 100 }, (_, n) => [((n + 1) * size) / ordersPerSecond / 100, ((n + 1) * size) / 100]),
});
const contender = (key: string, name: string, more: Partial<ContenderFigures>): ContenderFigures => ({
  ...{ key, name, saturation: [], backlogs: [], memory: [], leftOut: [] },
  ...more,
});
const memory = Array.from({ length: 120 }, (_, at) => ({
  atMs: at * 1_000,
  megabytes: Object.fromEntries(departments.map((name, n) => [name, 100 + 10 * n])),
}));
const whole = [
  contender('a', 'Retaguarda', {
    ...{ saturation: [backlog(10_000, 400, 4)], memory },
    backlogs: [backlog(100_000, 380, 4.4), backlog(1_000, 300, 5.25)],
  }),
  contender('d', 'the floor', { saturation: [backlog(10_000, 950, 2)], backlogs: [backlog(1_000, 900, 2.5)] }),
];
const wordsOf = (svg: string) => [...svg.matchAll(/<text[^>]*>([^<]+)<\/text>/g)].map(([, text]) => text);

describe('the pictures of the benchmark', () => {
  it('are one page of SVG with a title, a unit and a legend for each', () => {
    const svg = inPictures(whole, 'two cores');
    expect(svg).toMatch(/^<svg .*<\/svg>\s*$/s);
    for (const text of [
      ...['Time to work off a backlog', 'CPU an order, by the size of the backlog', 'Orders paid, at saturation'],
      ...['Resident memory of the services of (a), at work', 'seconds', 'orders', 'ms', 'MB', 'minutes'],
      ...['(a) Retaguarda', '(d) the floor', ...departments, '250 MB', 'two cores'],
    ])
      expect(wordsOf(svg)).toContain(text);
  });

  it('write the measured figures beside their points', () => {
    const words = wordsOf(inPictures(whole, ''));
    for (const text of ['263', '3.33', '4.40', '5.25', '1.11', '2.50']) expect(words).toContain(text);
  });

  it.each([
    ['nothing but saturation', [contender('a', 'Retaguarda', { saturation: [backlog(3_000, 400, 4)] })]],
    ['a run that was stopped in its first turn', [contender('a', 'Retaguarda', { memory })]],
    ['nothing', []],
  ])('can be drawn of %s', (_, figures) => {
    const svg = inPictures(figures, '');
    expect(svg).toContain('Resident memory');
    expect(svg).not.toContain('NaN');
  });
});
