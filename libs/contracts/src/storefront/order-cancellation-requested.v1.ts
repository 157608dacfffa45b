import { Event } from '../event.js';
import { Channel, Code, Text } from '../rules.js';

export class OrderCancellationRequested extends Event('storefront.order-cancellation-requested.v1', {
  summary: 'A customer or the channel wants an order cancelled.',
  subject: 'externalId',
}) {
  @Channel()
  channel!: string;

  @Code(120)
  externalId!: string;

  @Text(500)
  reason!: string;

  static readonly example = OrderCancellationRequested.of({
    channel: 'loja-demo',
    externalId: 'LD-1042',
    reason: 'Comprei por engano',
  });
}
