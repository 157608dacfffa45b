import { Event } from '../event.js';
import { Id } from '../rules.js';
import { exampleOrderId } from './example.js';
import { OrderSheet } from './order-sheet.js';

export class OrderPlaced extends Event(
  'sales.order-placed.v1',
  { summary: 'Sales accepted an order; the whole order sheet travels along.' },
  OrderSheet,
) {
  @Id()
  orderId!: string;

  static readonly example = OrderPlaced.of({ orderId: exampleOrderId, ...OrderSheet.example });
}
