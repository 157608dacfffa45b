import {
  ChargeRefused,
  ChargeRequested,
  InvoiceCancelled,
  InvoiceIssued,
  PaymentReceived,
  PaymentRefunded,
  ReceivableOpened,
  ReceivableVoided,
} from '@retaguarda/contracts';
import { at, every, on, process } from '@retaguarda/messaging';
import { AskPendingCharges } from './charges/ask-pending-charges.js';
import { ChargeCustomer } from './charges/charge-customer.js';
import { TakePayment } from './payments/take-payment.js';
import { CancelReceivable } from './receivables/cancel-receivable.js';
import { OpenReceivable } from './receivables/open-receivable.js';
import { SendRefunds } from './refunds/send-refunds.js';

export const billingProcess = process(
  'billing',
  on(InvoiceIssued).do(OpenReceivable).emits(ReceivableOpened, ChargeRequested, PaymentReceived),
  on(ChargeRequested).do(ChargeCustomer).emits(PaymentReceived, ChargeRefused).retryBy('patient'),
  on(InvoiceCancelled).do(CancelReceivable).emits(ReceivableVoided, PaymentRefunded),
  every(5).do(AskPendingCharges).emits(PaymentReceived, ChargeRefused),
  every(5).do(SendRefunds).emits(PaymentRefunded),
  at('POST /payments').do(TakePayment).emits(PaymentReceived),
);
