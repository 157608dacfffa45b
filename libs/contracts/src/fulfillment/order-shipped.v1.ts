import { Event } from '../event.js';
import { Id, Means, OneOf, Parts } from '../rules.js';
import { exampleOrderId } from '../sales/example.js';
import { exampleParcelId } from './example.js';
import { ShippedParcel } from './shipped-parcel.js';

export class OrderShipped extends Event('fulfillment.order-shipped.v1', {
  summary: 'The order is on its way or in the hands of the customer.',
}) {
  @Id()
  orderId!: string;

  @Means('none for an order of services')
  @OneOf(['ship', 'pickup', 'none'])
  method!: 'ship' | 'pickup' | 'none';

  @Means('empty for an order of services')
  @Parts(() => ShippedParcel)
  parcels!: ShippedParcel[];

  static readonly example = OrderShipped.of({
    orderId: exampleOrderId,
    method: 'ship',
    parcels: [{ parcelId: exampleParcelId, carrier: 'Correios', trackingCode: 'AA123456785BR' }],
  });
}
