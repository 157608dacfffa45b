import { Event } from '../event.js';
import { Currency, Id, Means, Text, Total } from '../rules.js';
import { exampleOrderId } from '../sales/example.js';
import { exampleReceivableId } from './example.js';

export class ReceivableVoided extends Event('billing.receivable-voided.v1', {
  summary: 'The customer owes nothing any more: the invoice was cancelled.',
  audience: 'anyone',
}) {
  @Id()
  orderId!: string;

  @Id()
  receivableId!: string;

  @Means('minor units')
  @Total()
  amount!: number;

  @Currency()
  currency!: string;

  @Text(500)
  reason!: string;

  static readonly example = ReceivableVoided.of({
    orderId: exampleOrderId,
    receivableId: exampleReceivableId,
    amount: 23770,
    currency: 'BRL',
    reason: 'Comprei por engano',
  });
}
