import { Code, QuantityOfOrder, Whole } from '../rules.js';

/** An item of which there is not enough. */
export class MissingItem {
  @Code(60)
  sku!: string;

  @QuantityOfOrder()
  requested!: number;

  @Whole(0, Number.MAX_SAFE_INTEGER)
  available!: number;
}
