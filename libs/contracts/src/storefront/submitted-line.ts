import { Amount, Code, Means, OneOf, Optional, Quantity, Text } from '../rules.js';
import { lineKinds } from '../sales/order-line.js';
import type { LineKind } from '../sales/order-line.js';
import { DiscountWithinLine } from '../sales/sums.js';

/** One line of an order as the storefront sends it. */
export class SubmittedLine {
  @Code(60)
  sku!: string;

  @Means('what the customer reads; empty when the storefront has no name for it')
  @Text(200, { orEmpty: true })
  name!: string;

  @Quantity()
  quantity!: number;

  @Means('price of one piece, minor units')
  @Amount()
  unitPrice!: number;

  @Means('discount on the whole line, minor units; not more than quantity × unitPrice')
  @Optional()
  @DiscountWithinLine()
  @Amount()
  discount: number = 0;

  @Means('a service has nothing to reserve, pack or ship')
  @Optional()
  @OneOf(lineKinds)
  kind: LineKind = 'goods';
}
