import type { FactTimes } from './orders.js';
import { facts } from './orders.js';
import { statusOf } from './status.js';

const known = (...names: string[]) =>
  Object.fromEntries(facts.map((fact) => [fact, names.includes(fact) ? new Date(0) : null])) as unknown as FactTimes;

describe('the status of an order', () => {
  it.each([
    [['placed'], 'placed'],
    [['placed', 'cancellation-requested'], 'placed'],
    [['placed', 'paid'], 'placed'],
    [['placed', 'reserved'], 'reserved'],
    [['placed', 'reserved', 'packed'], 'packed'],
    [['placed', 'reserved', 'packed', 'invoiced', 'paid'], 'invoiced'],
    [['placed', 'invoiced'], 'invoiced'],
    [['placed', 'shipped', 'cancellation-refused'], 'shipped'],
    [['placed', 'reserved', 'packed', 'invoiced', 'shipped', 'paid', 'completed'], 'completed'],
    [['placed', 'reserved', 'packed', 'cancelled'], 'cancelled'],
    [['placed', 'rejected', 'reserved'], 'rejected'],
  ])('with %s is %s', (names, status) => {
    expect(statusOf(known(...names))).toBe(status);
  });
});
