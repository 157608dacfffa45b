import { ChargeRequested, InvoiceCancelled, InvoiceIssued, OrderSheet, ReceivableOpened } from '@retaguarda/contracts';
import { testProcess, type OfflineDepartment } from '@retaguarda/testing';
import { billing } from '../src/billing.module.js';

const { orderId, invoiceId, order } = InvoiceIssued.example;
const prepaid = InvoiceIssued.of({
  ...InvoiceIssued.example,
  order: Object.assign(new OrderSheet(), order, { payment: { terms: 'prepaid', method: 'card', reference: 'MP-1' } }),
});
const boleto = ChargeRequested.of({ ...ChargeRequested.example, method: 'boleto' });

const issue = (at: OfflineDepartment) => at.deliver('open-receivable', InvoiceIssued.example);
const cancel = (at: OfflineDepartment) => at.deliver('cancel-receivable', InvoiceCancelled.example);

/** The receivable of the example event, whose id would be another one if it were opened by its invoice. */
async function open(at: OfflineDepartment) {
  const { receivableId, amount, currency, terms, method, dueOn } = ReceivableOpened.example;
  await at.source.query(
    `insert into receivables (id, order_id, invoice_id, amount, paid, currency, terms, method, due_on, status, opened_at)
     values ($1, $2, $3, $4, 0, $5, $6, $7, $8, 'open', '2026-03-02T12:00:00Z')`,
    [receivableId, orderId, invoiceId, amount, currency, terms, method, dueOn],
  );
  await at.source.query(
    `insert into charges (receivable_id, amount, currency, method, installments, state, requested_at, next_ask_at)
     values ($1, $2, $3, $4, 1, 'requested', '2026-03-02T12:00:00Z', '2026-03-02T12:00:00Z')`,
    [receivableId, amount, currency, method],
  );
}

testProcess(
  billing,
  {
    'open-receivable': { event: InvoiceIssued.example, early: 'starts', end: cancel },
    'open-receivable (prepaid)': { event: prepaid, early: 'starts', end: cancel },
    'charge-customer': { given: open, event: ChargeRequested.example, early: 'waits', end: cancel },
    'charge-customer (boleto)': { given: open, event: boleto, early: 'waits', end: cancel },
    'cancel-receivable': { given: issue, event: InvoiceCancelled.example, early: 'waits' },
    'cancel-receivable (prepaid)': {
      given: (at) => at.deliver('open-receivable', prepaid),
      event: InvoiceCancelled.example,
      early: 'waits',
    },
  },
  {
    charges: ['next_ask_at', 'waiting_since'],
    refunds: ['next_try_at', 'waiting_since'],
    simulated_charges: ['asked_at'],
    payments: ['paid_at'],
  },
);
