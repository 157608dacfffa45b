import { Event } from '../event.js';
import { Currency, Id, Means, Text, Total } from '../rules.js';
import { exampleOrderId } from '../sales/example.js';
import { examplePaymentId, exampleReceivableId } from './example.js';

export class PaymentRefunded extends Event('billing.payment-refunded.v1', {
  summary:
    'The customer has the money back. Prepaid money is with the storefront, which gives it back on this event; for an ' +
    'order that was rejected, or cancelled with wasPacked=false, there is no such event.',
  audience: 'anyone',
}) {
  @Id()
  orderId!: string;

  @Id()
  receivableId!: string;

  @Id()
  paymentId!: string;

  @Means('minor units')
  @Total()
  amount!: number;

  @Currency()
  currency!: string;

  @Text(500)
  reason!: string;

  static readonly example = PaymentRefunded.of({
    orderId: exampleOrderId,
    receivableId: exampleReceivableId,
    paymentId: examplePaymentId,
    amount: 23770,
    currency: 'BRL',
    reason: 'Comprei por engano',
  });
}
