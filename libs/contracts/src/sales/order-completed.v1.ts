import { Event } from '../event.js';
import { Channel, Code, Currency, Id, Instant, Means, Total } from '../rules.js';
import { exampleOrderId } from './example.js';

export class OrderCompleted extends Event('sales.order-completed.v1', {
  summary: 'The order is delivered, invoiced and paid.',
  audience: 'anyone',
}) {
  @Id()
  orderId!: string;

  @Channel()
  channel!: string;

  @Code(120)
  externalId!: string;

  @Means('minor units')
  @Total()
  total!: number;

  @Currency()
  currency!: string;

  @Instant()
  completedAt!: string;

  static readonly example = OrderCompleted.of({
    orderId: exampleOrderId,
    channel: 'loja-demo',
    externalId: 'LD-1042',
    total: 23770,
    currency: 'BRL',
    completedAt: '2026-03-02T13:15:34.120Z',
  });
}
