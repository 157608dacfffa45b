import { later } from '../../../test/audited-orders.js';
import type { Rule } from './check.js';
import { accountRules, currencyRules, unmatchedRules } from './money.js';
import { outboxRules } from './outbox.js';
import { seriesRules, shelfRules } from './shelf.js';

function broken<Facts>(rules: readonly Rule<Facts>[], facts: Facts): string[] {
  return rules.filter((rule) => rule.isBrokenBy(facts, later)).map(({ name }) => name);
}

describe('an item at a location', () => {
  const place = { sku: '85123A', location: 'main', onHand: 7, reserved: 2, moved: 7, sold: 3, held: 2, taken: 3 };

  it('adds up', () => expect(broken(shelfRules, place)).toEqual([]));
  it.each([
    ['on-hand-is-movements', { moved: 8 }],
    ['reserved-within-on-hand', { reserved: 8, held: 8 }],
    ['reserved-within-on-hand', { reserved: -1, held: -1 }],
    ['reserved-is-held', { held: 1 }],
    ['sold-is-taken', { taken: 4 }],
  ])('breaks %s with %o', (name, changes) => expect(broken(shelfRules, { ...place, ...changes })).toEqual([name]));
});

describe('a series', () => {
  const series = { code: '1', nextNumber: 4, count: 3, distinct: 3, lowest: 1, highest: 3, missing: [] };

  it('has no gap and no repeat', () => expect(broken(seriesRules, series)).toEqual([]));
  it('may be unused', () => {
    const unused = { nextNumber: 1, count: 0, distinct: 0, lowest: null, highest: null };
    expect(broken(seriesRules, { ...series, ...unused })).toEqual([]);
  });
  it.each([
    ['a gap', { missing: [2], highest: 4, nextNumber: 5 }],
    ['a gap at its end', { nextNumber: 5 }],
    ['a counter that was set back', { nextNumber: 3 }],
    ['a repeat', { distinct: 2, highest: 2 }],
    ['no number 1', { lowest: 2, highest: 4, nextNumber: 5 }],
    ['documents and no counter', { nextNumber: null }],
  ])('is broken by %s', (_, changes) =>
    expect(broken(seriesRules, { ...series, ...changes })).toEqual(['series-without-gap']),
  );
});

describe('the ledger', () => {
  const owed = { account: 'receivables', currency: 'BRL', debits: 900, credits: 400, expected: 500 };
  const revenue = { account: 'revenue', currency: 'BRL', debits: 0, credits: 500, expected: -500 };

  it('agrees with what makes it up', () => {
    expect(broken(accountRules, owed)).toEqual([]);
    expect(broken(currencyRules, [owed, revenue])).toEqual([]);
  });
  it('is broken by an account that says something else', () =>
    expect(broken(accountRules, { ...owed, expected: 501 })).toEqual(['accounts-agree']));
  it('is broken by an entry with one side', () =>
    expect(broken(currencyRules, [{ ...owed, debits: 901 }, revenue])).toEqual(['debits-are-credits']));
});

describe('money that is for nobody', () => {
  const money = { paymentId: 'p', isForNobody: true, recordedAt: later.now - later.settleMs - 1 };

  it('is found', () => expect(broken(unmatchedRules, money)).toEqual(['money-has-an-order']));
  it('is not found in the moment that it comes in, or when it is known whose it is', () => {
    expect(broken(unmatchedRules, { ...money, recordedAt: later.now })).toEqual([]);
    expect(broken(unmatchedRules, { ...money, isForNobody: false })).toEqual([]);
  });
});

describe('an outbox row', () => {
  it('may be a minute old', () => {
    expect(broken(outboxRules, { ageMs: 60_000 })).toEqual([]);
    expect(broken(outboxRules, { ageMs: 60_001 })).toEqual(['outbox-drained']);
  });
});
