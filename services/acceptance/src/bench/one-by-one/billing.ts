import { LedgerEntry } from '@retaguarda/billing/ledger/ledger-entry.entity';
import { Payment } from '@retaguarda/billing/payments/payment.entity';
import { Instalment } from '@retaguarda/billing/receivables/instalment.entity';
import { Receivable } from '@retaguarda/billing/receivables/receivable.entity';
import type { InvoiceIssued } from '@retaguarda/contracts';
import type { EntityManager } from 'typeorm';
import { v7 as uuid } from 'uuid';
import { settlementOf } from '../line/decisions.js';
import type { Following } from './following.js';

export async function openReceivable(manager: EntityManager, event: InvoiceIssued): Promise<Following[]> {
  const { orderId, invoiceId, total: amount, currency, order } = event;
  const { paidBy: provider, paymentReference: reference, dueOn } = settlementOf(order, event.issuedAt);
  const { terms, method } = order.payment;
  const { customer } = order;
  const [receivableId, paymentId, now] = [uuid(), uuid(), new Date()];
  const money = { amount: String(amount), currency };
  await manager.insert(Receivable, {
    ...{ id: receivableId, orderId, invoiceId, ...money, paid: money.amount, terms, method },
    ...{ dueOn, status: 'paid', openedAt: now },
  });
  await manager.insert(Instalment, { receivableId, number: 1, amount: money.amount, dueOn });
  await manager.insert(Payment, {
    ...{ id: paymentId, provider, reference, statedFor: receivableId, receivableId, ...money },
    ...{ applied: money.amount, refunded: '0', paidAt: now, recordedAt: now },
  });
  const entry = { ...money, receivableId, bookedAt: now };
  await manager.insert(LedgerEntry, [
    { kind: 'invoice', reference: receivableId, debitAccount: 'receivables', creditAccount: 'revenue', ...entry },
    { kind: 'payment', reference: paymentId, debitAccount: 'cash', creditAccount: 'receivables', ...entry },
  ]);
  const facts = { orderId, receivableId, amount, currency };
  return [
    { key: 'billing.receivable-opened.v1', data: { ...facts, terms, method, dueOn, customer } },
    { key: 'billing.payment-received.v1', data: { ...facts, paymentId, outstanding: 0, receivedAt: now } },
  ];
}
