import { Event } from '../event.js';
import { Code, Currency, Id, Means, Text, Total, Whole } from '../rules.js';
import { exampleOrderId } from '../sales/example.js';
import { exampleInvoiceId } from './example.js';

export class InvoiceCancelled extends Event('invoicing.invoice-cancelled.v1', {
  summary: 'The invoice of a cancelled order is void.',
}) {
  @Id()
  orderId!: string;

  @Id()
  invoiceId!: string;

  @Code(20)
  series!: string;

  @Means('without gap within the series')
  @Whole(1, 999_999_999)
  number!: number;

  @Means('minor units')
  @Total()
  total!: number;

  @Currency()
  currency!: string;

  @Text(500)
  reason!: string;

  static readonly example = InvoiceCancelled.of({
    orderId: exampleOrderId,
    invoiceId: exampleInvoiceId,
    series: '1',
    number: 1042,
    total: 23770,
    currency: 'BRL',
    reason: 'Comprei por engano',
  });
}
