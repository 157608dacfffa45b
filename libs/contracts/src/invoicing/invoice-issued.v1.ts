import { Event } from '../event.js';
import { Code, Currency, Id, Instant, Means, Optional, Part, Total, Whole } from '../rules.js';
import { exampleOrderId } from '../sales/example.js';
import { OrderSheet } from '../sales/order-sheet.js';
import { exampleInvoiceId } from './example.js';

export class InvoiceIssued extends Event('invoicing.invoice-issued.v1', {
  summary: 'The invoice of the order has its number and is valid.',
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

  @Means('of a fiscal document, such as the 44 digits of an NF-e')
  @Optional()
  @Code(60)
  accessKey?: string;

  @Means('minor units')
  @Total()
  total!: number;

  @Currency()
  currency!: string;

  @Instant()
  issuedAt!: string;

  @Part(() => OrderSheet)
  order!: OrderSheet;

  static readonly example = InvoiceIssued.of({
    orderId: exampleOrderId,
    invoiceId: exampleInvoiceId,
    series: '1',
    number: 1042,
    accessKey: '35260399999999000191550010000010421314159263',
    total: OrderSheet.example.total,
    currency: 'BRL',
    issuedAt: '2026-03-02T13:15:33.480Z',
    order: OrderSheet.example,
  });
}
