import { Event } from '../event.js';
import { Id, Parts } from '../rules.js';
import { exampleOrderId } from '../sales/example.js';
import { MissingItem } from './missing-item.js';

export class StockRejected extends Event('stock.stock-rejected.v1', {
  summary: 'Some goods of the order are missing; nothing is held for it.',
}) {
  @Id()
  orderId!: string;

  @Parts(() => MissingItem, { min: 1 })
  missing!: MissingItem[];

  static readonly example = StockRejected.of({
    orderId: exampleOrderId,
    missing: [{ sku: '71053', requested: 2, available: 1 }],
  });
}
