import { Injectable, NotFoundException } from '@nestjs/common';
import type { Page } from '@retaguarda/department';
import { pageOf } from '@retaguarda/department';
import { DataSource, LessThan } from 'typeorm';
import { Invoice } from './invoice.entity.js';

/** An invoice in a list: no personal data. */
export type InvoiceHead = Omit<Invoice, 'customer' | 'lines' | 'shippingFee' | 'cancellationReason'>;

const HEAD = {
  id: true,
  orderId: true,
  channel: true,
  externalId: true,
  series: true,
  number: true,
  status: true,
  currency: true,
  total: true,
  issuedAt: true,
  cancelledAt: true,
} as const satisfies Record<keyof InvoiceHead, true>;

@Injectable()
export class InvoicesQueries {
  constructor(private readonly source: DataSource) {}

  /** Newest first; `cursor` is the id of the last one seen. */
  async invoices(wanted: { orderId?: string; limit: number; cursor?: string }): Promise<Page<InvoiceHead>> {
    const { orderId, limit, cursor } = wanted;
    const heads: InvoiceHead[] = await this.source.manager.find(Invoice, {
      select: HEAD,
      where: { ...(orderId && { orderId }), ...(cursor && { id: LessThan(cursor) }) },
      order: { id: 'DESC' },
      take: limit + 1,
    });
    return pageOf(heads, limit, ({ id }) => id);
  }

  async invoice(id: string): Promise<Invoice> {
    const invoice = await this.source.manager.findOneBy(Invoice, { id });
    if (!invoice) throw new NotFoundException(`There is no invoice ${id}.`);
    return invoice;
  }
}
