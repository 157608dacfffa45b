import { InvoiceCancelled, InvoiceIssued, OrderCancelled, OrderPacked } from '@retaguarda/contracts';
import { on, process } from '@retaguarda/messaging';
import { CancelInvoice } from './invoices/cancel-invoice.js';
import { IssueInvoice } from './invoices/issue-invoice.js';

export const invoicingProcess = process(
  'invoicing',
  on(OrderPacked).do(IssueInvoice).emits(InvoiceIssued),
  on(OrderCancelled).do(CancelInvoice).emits(InvoiceCancelled),
);
