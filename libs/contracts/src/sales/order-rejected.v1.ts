import { Event } from '../event.js';
import { Channel, Code, Id, Reasons } from '../rules.js';
import { exampleOrderId } from './example.js';

export class OrderRejected extends Event('sales.order-rejected.v1', {
  summary:
    'The order is not taken, for these reasons. Billing never recorded prepaid money for it: the storefront gives back ' +
    'what it holds.',
  audience: 'anyone',
}) {
  @Id()
  orderId!: string;

  @Channel()
  channel!: string;

  @Code(120)
  externalId!: string;

  @Reasons()
  reasons!: string[];

  static readonly example = OrderRejected.of({
    orderId: exampleOrderId,
    channel: 'loja-demo',
    externalId: 'LD-1042',
    reasons: ['71053: 2 ordered, 1 available'],
  });
}
