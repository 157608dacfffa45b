import { exact } from './amounts.js';

interface Part {
  readonly index: number;
  readonly weight: bigint;
  readonly remainder: bigint;
  units: bigint;
}

/**
 * Divides an amount in proportion to weights, by the largest-remainder rule (Hamilton's method): each part is its exact
 * share rounded down, and the minor units that are left go one by one to the parts that lost most by it; at a tie to
 * the heavier part, then to the earlier one. So the parts add up to the amount, each is less than one unit away from its
 * share, a part of weight 0 gets nothing, and only equal weights are told apart by their order.
 *
 * @param amount minor units; a negative amount is divided as its opposite
 * @param weights whole numbers of 0 or more, not all 0
 * @throws RangeError for other weights and for amounts that are not exact
 */
export function allocate(amount: number, weights: readonly number[]): number[] {
  const whole = BigInt(Math.abs(exact(amount)));
  const sign = amount < 0 ? -1 : 1;
  const parts = divide(whole, weights.map(weightOf));
  return parts.map(({ units }) => (units === 0n ? 0 : sign * Number(units)));
}

/**
 * Divides an amount into equal instalments; those that cannot be equal are one minor unit more, and come first. An
 * amount of fewer units than instalments makes fewer of them, as nobody can pay an instalment of nothing.
 *
 * @param amount minor units, 0 or more
 * @param count how many are wanted, 1 or more
 * @returns `count` amounts at most, and one at least
 * @throws RangeError for any other amount or count
 */
export function instalments(amount: number, count: number): number[] {
  if (exact(amount) < 0) throw new RangeError(`${amount} cannot be paid in instalments.`);
  if (!Number.isSafeInteger(count) || count < 1) throw new RangeError(`${count} is not a number of instalments.`);
  return allocate(amount, new Array<number>(Math.max(1, Math.min(count, amount))).fill(1));
}

function divide(amount: bigint, weights: readonly bigint[]): Part[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0n);
  if (total === 0n) throw new RangeError('An amount cannot be divided by weights that are all 0.');
  const parts = weights.map((weight, index): Part => {
    const share = amount * weight;
    return { index, weight, units: share / total, remainder: share % total };
  });
  const left = Number(parts.reduce((rest, { units }) => rest - units, amount));
  for (const part of [...parts].sort(byLoss).slice(0, left)) part.units += 1n;
  return parts;
}

function byLoss(one: Part, other: Part): number {
  if (one.remainder !== other.remainder) return one.remainder > other.remainder ? -1 : 1;
  if (one.weight !== other.weight) return one.weight > other.weight ? -1 : 1;
  return one.index - other.index;
}

function weightOf(weight: number): bigint {
  if (!Number.isSafeInteger(weight) || weight < 0) throw new RangeError(`${weight} is not a weight.`);
  return BigInt(weight);
}
