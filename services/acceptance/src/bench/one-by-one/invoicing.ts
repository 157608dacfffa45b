import type { OrderPacked } from '@retaguarda/contracts';
import { Invoice } from '@retaguarda/invoicing/invoices/invoice.entity';
import { Series } from '@retaguarda/invoicing/series/series.entity';
import type { EntityManager } from 'typeorm';
import { v7 as uuid } from 'uuid';
import { documentOf } from '../line/decisions.js';
import type { Following } from './following.js';

/** The row of the series is locked until the commit, so that numbers have no gap. */
export async function issueInvoice(manager: EntityManager, { orderId, order }: OrderPacked): Promise<Following> {
  const { code, nextNumber: number } = await manager.findOneOrFail(Series, {
    where: { code: '1' },
    lock: { mode: 'pessimistic_write' },
  });
  await manager.update(Series, code, { nextNumber: number + 1 });
  const document = documentOf(order);
  const { total, currency } = document;
  const issued = { id: uuid(), orderId, series: code, number, issuedAt: new Date() };
  await manager.insert(Invoice, { ...issued, ...document, status: 'issued', lines: [...document.lines] });
  const facts = { orderId, invoiceId: issued.id, series: code, number, total, currency, issuedAt: issued.issuedAt };
  return { key: 'invoicing.invoice-issued.v1', data: { ...facts, order } };
}
