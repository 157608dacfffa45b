import { shown, table } from './table.js';

describe('a table of figures', () => {
  it('stands names to the left and figures to the right', () => {
    expect(
      table(
        ['', 'orders/s', 'ms'],
        [
          ['floor', 812.4, 2.04],
          ['nest', 51, undefined],
        ],
      ),
    ).toBe(
      ['       orders/s    ms', '─────  ────────  ────', 'floor       812  2.04', 'nest       51.0     –'].join('\n'),
    );
  });

  it('shows three digits that count', () => {
    expect([0, 0.1234, 1.234, 12.34, 1234.5, NaN, Infinity].map(shown)).toEqual([
      '0',
      '0.123',
      '1.23',
      '12.3',
      '1,235',
      '–',
      '–',
    ]);
  });
});
