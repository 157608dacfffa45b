import * as fc from 'fast-check';
import { allocate } from './allocation.js';

const shelf = (available: number, location = 'main', sku = 'LAMP') => ({ sku, location, available });
const order = (orderId: string, ...quantities: number[]) => ({
  orderId,
  lines: quantities.map((quantity) => ({ sku: 'LAMP', quantity })),
});

describe('allocating stock', () => {
  it('gives an order everything it asks for', () => {
    const { allocated, short } = allocate([order('a', 3)], [shelf(5)]);
    expect(allocated).toEqual([{ orderId: 'a', lines: [{ sku: 'LAMP', location: 'main', quantity: 3 }] }]);
    expect(short).toEqual([]);
  });

  it('sums lines of the same item before it looks: each alone would fit', () => {
    const { short } = allocate([order('a', 3, 3)], [shelf(5)]);
    expect(short).toEqual([{ orderId: 'a', missing: [{ sku: 'LAMP', requested: 6, available: 5 }] }]);
  });

  it('serves orders in the order of arrival and lets a smaller one have what a larger one could not', () => {
    const { allocated, short } = allocate([order('a', 4), order('b', 4), order('c', 1)], [shelf(5)]);
    expect(allocated.map(({ orderId }) => orderId)).toEqual(['a', 'c']);
    expect(short).toEqual([{ orderId: 'b', missing: [{ sku: 'LAMP', requested: 4, available: 1 }] }]);
  });

  it('takes an item from several places when one has not enough', () => {
    const { allocated } = allocate([order('a', 6)], [shelf(4, 'attic'), shelf(4, 'cellar')]);
    expect(allocated[0]!.lines).toEqual([
      { sku: 'LAMP', location: 'attic', quantity: 4 },
      { sku: 'LAMP', location: 'cellar', quantity: 2 },
    ]);
  });

  it('says zero available for an item that was never received', () => {
    const { short } = allocate([order('a', 1)], []);
    expect(short).toEqual([{ orderId: 'a', missing: [{ sku: 'LAMP', requested: 1, available: 0 }] }]);
  });

  it('allocates an order without goods: a service needs no stock', () => {
    expect(allocate([order('a')], []).allocated).toEqual([{ orderId: 'a', lines: [] }]);
  });

  it('never gives more than there is, decides on every order, and gives all or nothing', () => {
    const skus = fc.constantFrom('A', 'B', 'C');
    const places = fc.uniqueArray(
      fc.record({ sku: skus, location: fc.constantFrom('x', 'y'), available: fc.nat(20) }),
      {
        selector: ({ sku, location }) => `${sku} ${location}`,
      },
    );
    const demands = fc.array(
      fc.array(fc.record({ sku: skus, quantity: fc.integer({ min: 1, max: 9 }) }), { maxLength: 4 }),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(places, demands, (shelves, wanted) => {
        const orders = wanted.map((lines, index) => ({ orderId: String(index), lines }));
        const { allocated, short } = allocate(orders, shelves);
        expect([...allocated, ...short].map(({ orderId }) => orderId).sort()).toEqual(
          orders.map(({ orderId }) => orderId).sort(),
        );
        for (const { sku, location, available } of shelves) {
          const given = allocated
            .flatMap(({ lines }) => lines)
            .filter((line) => line.sku === sku && line.location === location);
          expect(given.reduce((sum, { quantity }) => sum + quantity, 0)).toBeLessThanOrEqual(available);
        }
        for (const { orderId, lines } of allocated) {
          const asked = orders[Number(orderId)]!.lines.reduce((sum, { quantity }) => sum + quantity, 0);
          expect(lines.reduce((sum, { quantity }) => sum + quantity, 0)).toBe(asked);
        }
      }),
      { seed: 20_261_124 },
    );
  });
});
