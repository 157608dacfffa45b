import { Event } from '../event.js';
import { Id, Means, Part, Parts } from '../rules.js';
import { exampleOrderId } from '../sales/example.js';
import { OrderSheet } from '../sales/order-sheet.js';
import { exampleParcelId } from './example.js';
import { PackedParcel } from './packed-parcel.js';

export class OrderPacked extends Event('fulfillment.order-packed.v1', {
  summary: 'The goods of the order have left the shelf and lie packed.',
}) {
  @Id()
  orderId!: string;

  @Means('empty for an order of services')
  @Parts(() => PackedParcel)
  parcels!: PackedParcel[];

  @Part(() => OrderSheet)
  order!: OrderSheet;

  static readonly example = OrderPacked.of({
    orderId: exampleOrderId,
    parcels: [
      {
        parcelId: exampleParcelId,
        lines: [
          { sku: '71053', quantity: 2 },
          { sku: '85123A', quantity: 6 },
        ],
      },
    ],
    order: OrderSheet.example,
  });
}
