import { Event } from '../event.js';
import { Flag, Id, Means, Text } from '../rules.js';
import { exampleOrderId } from '../sales/example.js';

export class OrderStopped extends Event('fulfillment.order-stopped.v1', {
  summary: 'Fulfillment stopped the order; nothing of it will leave the house.',
}) {
  @Id()
  orderId!: string;

  @Text(500)
  reason!: string;

  @Means('the goods had left the shelf, so an invoice exists or is on its way')
  @Flag()
  wasPacked!: boolean;

  static readonly example = OrderStopped.of({ orderId: exampleOrderId, reason: 'Comprei por engano', wasPacked: true });
}
