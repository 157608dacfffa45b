import { Event } from '../event.js';
import { Channel, Code, Id, Text } from '../rules.js';
import { exampleOrderId } from './example.js';

export class CancellationRequested extends Event('sales.order-cancellation-requested.v1', {
  summary: 'Sales asks the departments to stop an order.',
}) {
  @Id()
  orderId!: string;

  @Channel()
  channel!: string;

  @Code(120)
  externalId!: string;

  @Text(500)
  reason!: string;

  static readonly example = CancellationRequested.of({
    orderId: exampleOrderId,
    channel: 'loja-demo',
    externalId: 'LD-1042',
    reason: 'Comprei por engano',
  });
}
