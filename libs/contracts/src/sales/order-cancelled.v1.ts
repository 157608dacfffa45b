import { Event } from '../event.js';
import { Channel, Code, Flag, Id, Means, Reasons } from '../rules.js';
import { exampleOrderId } from './example.js';

export class OrderCancelled extends Event('sales.order-cancelled.v1', {
  summary:
    'The order is cancelled; what was done for it is to be undone. With wasPacked=false billing never recorded prepaid ' +
    'money: the storefront gives back what it holds. With wasPacked=true billing.payment-refunded tells it to.',
  storefronts: 'may listen',
}) {
  @Id()
  orderId!: string;

  @Channel()
  channel!: string;

  @Code(120)
  externalId!: string;

  @Reasons()
  reasons!: string[];

  @Means('the goods had left the shelf, so an invoice exists or is on its way')
  @Flag()
  wasPacked!: boolean;

  static readonly example = OrderCancelled.of({
    orderId: exampleOrderId,
    channel: 'loja-demo',
    externalId: 'LD-1042',
    reasons: ['Comprei por engano'],
    wasPacked: true,
  });
}
