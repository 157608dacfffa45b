import { OneOf, Part, RequiredWhen } from '../rules.js';
import { Address } from './address.js';

export type DeliveryMethod = 'ship' | 'pickup';

/** How the goods reach the customer. */
export class Delivery {
  @OneOf(['ship', 'pickup'])
  method!: DeliveryMethod;

  @RequiredWhen('method', 'ship')
  @Part(() => Address)
  address?: Address;
}
