/** Amounts are integers in a currency's minor units (centavos, cents, yen); negative where money flows back. */

/** Returns the amount. Throws RangeError for everything that is not an exact integer: fractions, NaN, beyond ±(2^53 − 1). */
export function exact(amount: number): number {
  if (!Number.isSafeInteger(amount)) throw new RangeError(`${amount} is not an exact amount in minor units.`);
  return amount;
}

/** The sum of amounts; 0 of none. Throws RangeError as soon as an amount, or the sum on the way, is not exact. */
export function sum(amounts: Iterable<number>): number {
  let total = 0;
  for (const amount of amounts) total = exact(total + exact(amount));
  return total;
}
