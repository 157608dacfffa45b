import { Event } from '../event.js';
import { Currency, Id, Instant, Means, Total } from '../rules.js';
import { exampleOrderId } from '../sales/example.js';
import { examplePaymentId, exampleReceivableId } from './example.js';

export class PaymentReceived extends Event('billing.payment-received.v1', { summary: 'The customer paid.' }) {
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

  @Means('still owed after this payment, minor units; 0 = settled')
  @Total()
  outstanding!: number;

  @Instant()
  receivedAt!: string;

  static readonly example = PaymentReceived.of({
    orderId: exampleOrderId,
    receivableId: exampleReceivableId,
    paymentId: examplePaymentId,
    amount: 23770,
    currency: 'BRL',
    outstanding: 0,
    receivedAt: '2026-03-02T13:15:34.020Z',
  });
}
