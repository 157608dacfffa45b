import { areSameContents, differences } from './contents.js';

const of = (sku: string, quantity: number) => ({ sku, quantity });
const goods = [of('BAG', 1), of('CUP', 5)];

describe('the contents of parcels', () => {
  it('may be split over parcels and over lines', () => {
    expect(differences(goods, [[of('CUP', 2)], [of('BAG', 1), of('CUP', 2), of('CUP', 1)]])).toEqual([]);
  });

  it.each([
    ['a piece too few', [[of('BAG', 1), of('CUP', 4)]], ['1 of CUP too few']],
    ['a piece too many', [[of('BAG', 1)], [of('CUP', 6)]], ['1 of CUP too many']],
    ['something else', [[of('CUP', 5), of('HAT', 1)]], ['1 of BAG too few', '1 of HAT too many']],
    ['nothing', [], ['1 of BAG too few', '5 of CUP too few']],
  ])('must be exactly what was picked, not %s', (_, contents, wrong) => {
    expect(differences(goods, contents)).toEqual(wrong);
  });

  it('are the same in whatever order they are named', () => {
    const some = [[of('BAG', 1), of('CUP', 2)], [of('CUP', 3)]];
    expect(areSameContents(some, [[of('CUP', 3)], [of('CUP', 2), of('BAG', 1)]])).toBe(true);
    expect(areSameContents(some, [[of('CUP', 2)], [of('CUP', 3), of('BAG', 1)]])).toBe(false);
    expect(areSameContents(some, [[of('BAG', 1), of('CUP', 5)]])).toBe(false);
  });
});
