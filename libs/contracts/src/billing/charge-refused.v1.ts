import { Event } from '../event.js';
import { Currency, Id, Means, OneOf, Optional, Text, Total } from '../rules.js';
import { exampleOrderId } from '../sales/example.js';
import { paymentMethods } from '../sales/payment.js';
import type { PaymentMethod } from '../sales/payment.js';
import { exampleReceivableId } from './example.js';

export class ChargeRefused extends Event('billing.charge-refused.v1', {
  summary:
    'The payment provider refused the charge: the amount is still owed, and the customer has to pay another way.',
  audience: 'anyone',
}) {
  @Id()
  orderId!: string;

  @Id()
  receivableId!: string;

  @Means('what was to be charged, minor units')
  @Total()
  amount!: number;

  @Currency()
  currency!: string;

  @OneOf(paymentMethods)
  method!: PaymentMethod;

  @Means("in the provider's words, if it gave any")
  @Optional()
  @Text(500)
  reason?: string;

  static readonly example = ChargeRefused.of({
    orderId: exampleOrderId,
    receivableId: exampleReceivableId,
    amount: 23770,
    currency: 'BRL',
    method: 'card',
    reason: 'Saldo insuficiente',
  });
}
