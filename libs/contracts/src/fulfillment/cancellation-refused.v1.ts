import { Event } from '../event.js';
import { Id, Text } from '../rules.js';
import { exampleOrderId } from '../sales/example.js';

export class CancellationRefused extends Event('fulfillment.cancellation-refused.v1', {
  summary: 'The order can no longer be stopped.',
}) {
  @Id()
  orderId!: string;

  @Text(500)
  reason!: string;

  static readonly example = CancellationRefused.of({
    orderId: exampleOrderId,
    reason: 'The parcel has left the house',
  });
}
