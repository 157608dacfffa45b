import { memoryOf } from './memory.js';

const samples = (sizes: readonly (number | undefined)[]) =>
  sizes.map((size, n) => ({ atMs: n * 1_000, megabytes: size === undefined ? {} : { sales: size } }));

describe('the memory of a service', () => {
  it.each([
    ['rises and stays', [100, 120, 200, 201, 202, 203, 202, 203, 204], { most: 204, middle: 202, last: 203 }],
    ['grows on and on', [100, 110, 120, 130, 140, 150, 160, 170, 180], { most: 180, middle: 140, last: 170 }],
    ['is only seen now and then', [100, undefined, 110, undefined, 120], { most: 120, middle: 110, last: 120 }],
    ['is seen once', [100], { most: 100, middle: 100, last: NaN }],
    ['is never seen', [], { most: NaN, middle: NaN, last: NaN }],
  ])('%s', (_, sizes, expected) => expect(memoryOf(samples(sizes), 'sales')).toEqual(expected));
});
