import { Code, Means, QuantityOfOrder } from '../rules.js';

/** Pieces of one item that are held for an order. */
export class ReservedLine {
  @Code(60)
  sku!: string;

  @QuantityOfOrder()
  quantity!: number;

  @Means('where the pieces lie')
  @Code(60)
  location!: string;
}
