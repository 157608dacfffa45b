import fc from 'fast-check';
import { sum } from './amounts.js';

fc.configureGlobal({ seed: 20_261_124 });

describe('a sum of amounts', () => {
  it('is 0 when there is nothing to add', () => {
    expect(sum([])).toBe(0);
  });

  it('is the same as exact arithmetic, or refused', () => {
    fc.assert(
      fc.property(fc.array(fc.maxSafeInteger()), (amounts) => {
        const partials = amounts.map((_, index) =>
          amounts.slice(0, index + 1).reduce((total, amount) => total + BigInt(amount), 0n),
        );
        const isExact = partials.every((partial) => Number.isSafeInteger(Number(partial)));
        if (isExact) expect(BigInt(sum(amounts))).toBe(partials.at(-1) ?? 0n);
        else expect(() => sum(amounts)).toThrow(RangeError);
      }),
    );
  });

  it.each([[0.5], [NaN], [Infinity], [Number.MAX_SAFE_INTEGER + 1]])(
    'refuses %p, which is no exact amount',
    (amount) => {
      expect(() => sum([1, amount])).toThrow(`${amount} is not an exact amount in minor units.`);
    },
  );

  it('refuses a sum that is no longer exact, although each amount is', () => {
    expect(() => sum([Number.MAX_SAFE_INTEGER, 1])).toThrow(RangeError);
  });
});
