import { Event } from '../event.js';
import { Id, Means, Part, Parts } from '../rules.js';
import { exampleOrderId } from '../sales/example.js';
import { OrderSheet } from '../sales/order-sheet.js';
import { ReservedLine } from './reserved-line.js';

export class StockReserved extends Event('stock.stock-reserved.v1', {
  summary: 'All goods of the order are held for it.',
}) {
  @Id()
  orderId!: string;

  @Means('goods only, by item and location; empty for an order of services')
  @Parts(() => ReservedLine, { max: 10_000 })
  lines!: ReservedLine[];

  @Part(() => OrderSheet)
  order!: OrderSheet;

  static readonly example = StockReserved.of({
    orderId: exampleOrderId,
    lines: [
      { sku: '71053', quantity: 2, location: 'main' },
      { sku: '85123A', quantity: 6, location: 'main' },
    ],
    order: OrderSheet.example,
  });
}
