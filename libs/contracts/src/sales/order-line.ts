import { Amount, Code, maxLines, Means, OneOf, Quantity, Text, Whole } from '../rules.js';
import { DiscountWithinLine } from './sums.js';

export type LineKind = 'goods' | 'service';
export const lineKinds: readonly LineKind[] = ['goods', 'service'];

/** One line of an order. */
export class OrderLine {
  @Means("the line's number within the order, from 1")
  @Whole(1, maxLines)
  line!: number;

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
  @DiscountWithinLine()
  @Amount()
  discount!: number;

  @Means('a service has nothing to reserve, pack or ship')
  @OneOf(lineKinds)
  kind!: LineKind;
}
