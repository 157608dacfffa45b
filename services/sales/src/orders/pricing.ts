import type { OrderSheet, OrderSubmitted } from '@retaguarda/contracts';
import { totalOf } from '@retaguarda/contracts';
import { Unprocessable } from '@retaguarda/messaging';

/** What a line costs, in minor units: quantity × unitPrice − discount. */
export function lineTotal({ quantity, unitPrice, discount }: OrderSheet['lines'][number]): number {
  return quantity * unitPrice - discount;
}

/**
 * The order sheet of what a storefront sent: lines numbered from 1 as they were sent, defaults filled in, priced.
 * Amounts are minor units. Throws `Unprocessable` when the total is not an exact amount.
 */
export function sheetFrom(submitted: OrderSubmitted): OrderSheet {
  const { channel, externalId, placedAt, currency, customer, delivery, payment, notes } = submitted;
  const lines = submitted.lines.map(({ sku, name, quantity, unitPrice, discount = 0, kind = 'goods' }, index) => ({
    line: index + 1,
    ...{ sku, name, quantity, unitPrice, discount, kind },
  }));
  const { shippingFee = 0 } = submitted;
  const total = totalOf({ lines, shippingFee });
  if (!isExact(lines, shippingFee) || total < 0)
    throw new Unprocessable('The total of the order is not an exact amount of 0 or more minor units.');
  const sheet = { channel, externalId, placedAt, currency, customer, delivery, lines, shippingFee, payment, total };
  return notes === undefined ? sheet : { ...sheet, notes };
}

/** Sums of non-negative terms only grow: if the last one is exact, all before it were. */
function isExact(lines: OrderSheet['lines'], shippingFee: number): boolean {
  return Number.isSafeInteger(lines.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice, shippingFee));
}
