import { Code, QuantityOfOrder } from '../rules.js';

/** Pieces of one item in a parcel. */
export class PackedLine {
  @Code(60)
  sku!: string;

  @QuantityOfOrder()
  quantity!: number;
}
