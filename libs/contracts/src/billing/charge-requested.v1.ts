import { Event } from '../event.js';
import { Currency, Id, Means, OneOf, Optional, Whole } from '../rules.js';
import { exampleOrderId } from '../sales/example.js';
import { chargedMethods } from '../sales/payment.js';
import type { ChargedMethod } from '../sales/payment.js';
import { exampleReceivableId } from './example.js';

export class ChargeRequested extends Event('billing.charge-requested.v1', {
  summary: 'The payment provider is to collect the amount of a receivable.',
}) {
  @Id()
  orderId!: string;

  @Id()
  receivableId!: string;

  @Means('minor units')
  @Whole(1, Number.MAX_SAFE_INTEGER)
  amount!: number;

  @Currency()
  currency!: string;

  @OneOf(chargedMethods)
  method!: ChargedMethod;

  @Optional()
  @Whole(1, 48)
  installments?: number;

  static readonly example = ChargeRequested.of({
    orderId: exampleOrderId,
    receivableId: exampleReceivableId,
    amount: 23770,
    currency: 'BRL',
    method: 'pix',
    installments: 1,
  });
}
