import { goodsIn, judge, whatIsMissing } from './picking.js';
import type { PickedLine } from './picking.js';

const line = (position: number, sku: string, quantity: number, picked = 0): PickedLine => {
  return { position, sku, kind: sku === 'WRAP' ? 'service' : 'goods', quantity, picked };
};
const list = [line(1, 'BAG', 1), line(2, 'CUP', 3, 2), line(3, 'CUP', 2), line(4, 'WRAP', 1)];

describe('a scan held against the list', () => {
  it('fills the lines of the item in the order of the walk', () => {
    expect(judge(list, 'CUP', 2)).toEqual({
      verdict: 'picked',
      wanted: 3,
      picks: [
        { position: 2, quantity: 1 },
        { position: 3, quantity: 1 },
      ],
    });
  });

  it('counts a service as performed', () => {
    expect(judge(list, 'WRAP', 1)).toMatchObject({ verdict: 'picked', picks: [{ position: 4, quantity: 1 }] });
  });

  it.each(['bag', 'BAG ', 'CUPS', ''])('refuses the code %j, which is not on the list', (code) => {
    expect(judge(list, code, 1)).toEqual({ verdict: 'wrong-item', wanted: 0, picks: [] });
  });

  it('refuses all of a scan that is more than the list wants, and says how many it wants', () => {
    expect(judge(list, 'CUP', 4)).toEqual({ verdict: 'too-many', wanted: 3, picks: [] });
    expect(judge([line(1, 'BAG', 1, 1)], 'BAG', 1)).toEqual({ verdict: 'too-many', wanted: 0, picks: [] });
  });
});

describe('what is missing', () => {
  it('names each item and service with its count and its shortage', () => {
    expect(whatIsMissing(list, [{ sku: 'CUP', reason: 'damaged', quantity: 2 }])).toBe(
      '1 of BAG to be picked, 3 of CUP to be picked (shortage: 2 damaged), 1 of WRAP to be performed',
    );
  });

  it('is nothing when all is picked, whatever was reported short before', () => {
    const shortages = [{ sku: 'BAG', reason: 'not-on-shelf' as const, quantity: 1 }];
    expect(whatIsMissing([line(1, 'BAG', 1, 1)], shortages)).toBeUndefined();
  });
});

it('sums the goods of a list by SKU and leaves services out', () => {
  expect(goodsIn([...list].reverse())).toEqual([
    { sku: 'BAG', quantity: 1 },
    { sku: 'CUP', quantity: 5 },
  ]);
});
