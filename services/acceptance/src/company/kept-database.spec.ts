import { differences } from './kept-database.js';

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
