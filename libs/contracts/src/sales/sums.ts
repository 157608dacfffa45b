import { ValidateBy } from 'class-validator';
import { maxSum } from '../rules.js';

/** What a line contributes to its order's total. */
export interface Priced {
  readonly quantity: number;
  readonly unitPrice: number;
  readonly discount: number;
}

/** The total of an order in minor units: Σ(quantity · unitPrice − discount) + shippingFee. */
export function totalOf(order: { readonly lines: readonly Priced[]; readonly shippingFee: number }): number {
  return order.lines.reduce((sum, line) => sum + line.quantity * line.unitPrice - line.discount, order.shippingFee);
}

// The rules below compare fields. Where one of these is no number at all its own rule says so, and they say nothing.

/** The field is a discount that leaves the line's amount at 0 or more. */
export const DiscountWithinLine = () =>
  ValidateBy({
    name: 'discountWithinLine',
    validator: {
      validate: (discount, args) => !((discount as number) > Math.max(0, grossOf([args?.object]))),
      defaultMessage: () => 'must not be more than quantity × unitPrice',
    },
  });

/** The field is a list of lines whose gross sum is still an exact integer. */
export const ExactSum = () =>
  ValidateBy({
    name: 'exactSum',
    constraints: [maxSum],
    validator: {
      validate: (lines) => !(Array.isArray(lines) && grossOf(lines) > maxSum),
      defaultMessage: () => `must not add up to more than ${maxSum} minor units`,
    },
  });

/** The field is the total of the order beside it. */
export const TotalOfLines = () =>
  ValidateBy({
    name: 'totalOfLines',
    validator: {
      validate: (total, args) => isTotalOf(total, args?.object as Record<string, unknown>),
      defaultMessage: () => 'must be the sum of quantity × unitPrice − discount over the lines, plus shippingFee',
    },
  });

/** NaN if a line is not one. */
function grossOf(lines: readonly unknown[]): number {
  return lines.reduce<number>((sum, line) => sum + (isPriced(line) ? line.quantity * line.unitPrice : NaN), 0);
}

function isTotalOf(total: unknown, { lines, shippingFee }: Record<string, unknown>): boolean {
  if (!Array.isArray(lines) || !lines.every(isPriced) || typeof shippingFee !== 'number') return true;
  return total === totalOf({ lines, shippingFee });
}

function isPriced(line: unknown): line is Priced {
  if (typeof line !== 'object' || line === null) return false;
  const { quantity, unitPrice, discount = 0 } = line as Partial<Priced>;
  return typeof quantity === 'number' && typeof unitPrice === 'number' && typeof discount === 'number';
}
