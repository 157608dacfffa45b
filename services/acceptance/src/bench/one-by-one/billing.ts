import type { InvoiceIssued } from '@retaguarda/contracts';
import type { EntityManager } from 'typeorm';
import { v7 as uuid } from 'uuid';
import { dueOn, paymentOf } from '../line/decisions.js';
import { Instalment, LedgerEntry, Payment, Receivable } from './billing.entities.js';
import type { Following } from './following.js';

export async function openReceivable(manager: EntityManager, event: InvoiceIssued): Promise<Following> {
  const { orderId, invoiceId, total: amount, currency, order } = event;
  const { paidBy: provider, paymentReference: reference } = paymentOf(order);
  const { terms, method } = order.payment;
  const [receivableId, paymentId, now, due] = [uuid(), uuid(), new Date(), dueOn(event.issuedAt)];
  const money = { amount, currency };
  await manager.insert(Receivable, {
    ...{ id: receivableId, orderId, invoiceId, ...money, paid: amount, terms, method },
    ...{ dueOn: due, status: 'paid', openedAt: now },
  });
  await manager.insert(Instalment, { receivableId, number: 1, amount, dueOn: due });
  await manager.insert(Payment, {
    ...{ id: paymentId, provider, reference, statedFor: receivableId, receivableId, ...money },
    ...{ applied: amount, refunded: 0, paidAt: now, recordedAt: now },
  });
  const entry = { ...money, receivableId, bookedAt: now };
  await manager.insert(LedgerEntry, [
    { kind: 'invoice', reference: receivableId, debitAccount: 'receivables', creditAccount: 'revenue', ...entry },
    { kind: 'payment', reference: paymentId, debitAccount: 'cash', creditAccount: 'receivables', ...entry },
  ]);
  const data = { orderId, receivableId, paymentId, ...money, outstanding: 0, receivedAt: now };
  return { key: 'billing.payment-received.v1', data };
}
