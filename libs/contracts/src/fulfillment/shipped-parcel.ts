import { Code, Id, Text } from '../rules.js';

/** A parcel on its way. */
export class ShippedParcel {
  @Id()
  parcelId!: string;

  @Text(100)
  carrier!: string;

  @Code(100)
  trackingCode!: string;
}
