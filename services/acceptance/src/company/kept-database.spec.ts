import { differences, ordersThatDiffer } from './kept-database.js';

describe('what differs after a recovery', () => {
  it('is nothing where the same rows are there in another order', () => {
    expect(
      differences({ movements: ['sale of 1', 'return of 2'] }, { movements: ['return of 2', 'sale of 1'] }),
    ).toEqual([]);
  });

  it('is a row that is missing, a new one, and one that is there once more or less than it was', () => {
    const before = { movements: ['a', 'b', 'c', 'c'], levels: ['x'] };
    const after = { movements: ['b', 'b', 'c', 'd'], levels: ['x', 'x'] };
    expect(differences(before, after)).toEqual([
      'movements no longer has a',
      'movements no longer has c',
      'movements has now b',
      'movements has now d',
      'levels has now x',
    ]);
  });
});

describe('the orders that differ after a database was set back', () => {
  const [a, b, c] = ['a', 'b', 'c'].map((letter) => `01936000-0000-7000-8000-00000000000${letter}`) as [
    string,
    ...string[],
  ];
  const row = (id: string, status: string) => JSON.stringify({ order_id: id, status });

  it('are those of rows that are gone, new or others; ids of other things are none', () => {
    const before = { invoices: [row(a, 'issued'), row(b!, 'issued'), row(c!, 'issued')], items: [row('a', '1')] };
    const after = { invoices: [row(a, 'issued'), row(b!, 'cancelled')], items: [row('a', '2')] };
    expect(ordersThatDiffer(before, after, new Set([a, b!, c!])).sort()).toEqual([b, c]);
    expect(ordersThatDiffer(before, after, new Set([a, b!]))).toEqual([b]);
  });
});
