import { Event } from '../event.js';
import { Currency, Day, Id, Means, OneOf, Optional, Part, Total, Whole } from '../rules.js';
import { Customer } from '../sales/customer.js';
import { exampleOrderId } from '../sales/example.js';
import { OrderSheet } from '../sales/order-sheet.js';
import { paymentMethods, paymentTerms } from '../sales/payment.js';
import type { PaymentMethod, PaymentTerms } from '../sales/payment.js';
import { exampleReceivableId } from './example.js';

export class ReceivableOpened extends Event('billing.receivable-opened.v1', {
  summary: 'The customer owes the amount of an invoice. For whoever keeps books inside the company.',
  audience: 'anyone',
  storefronts: 'may not listen',
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

  @OneOf(paymentTerms)
  terms!: PaymentTerms;

  @OneOf(paymentMethods)
  method!: PaymentMethod;

  @Day()
  dueOn!: string;

  @Optional()
  @Whole(1, 48)
  installments?: number;

  @Part(() => Customer)
  customer!: Customer;

  static readonly example = ReceivableOpened.of({
    orderId: exampleOrderId,
    receivableId: exampleReceivableId,
    amount: 23770,
    currency: 'BRL',
    terms: 'on-invoice',
    method: 'pix',
    dueOn: '2026-03-09',
    installments: 1,
    customer: OrderSheet.example.customer,
  });
}
