import { Injectable } from '@nestjs/common';
import type { Page } from '@retaguarda/department';
import { pageOf } from '@retaguarda/department';
import { DataSource } from 'typeorm';
import type { RefundState } from './refund.entity.js';

/** Money on its way back, or given back. Minor units; `reference` is the payment's number at its provider. */
export interface ListedRefund {
  readonly refundId: string;
  readonly orderId: string;
  readonly receivableId: string;
  readonly paymentId: string;
  readonly provider: string;
  readonly reference: string;
  readonly amount: number;
  readonly currency: string;
  readonly state: RefundState;
  /** Why it is not paid yet; null when it was not tried yet, or is paid. */
  readonly problem: string | null;
  readonly requestedAt: Date;
  readonly refundedAt: Date | null;
}

@Injectable()
export class RefundsQueries {
  constructor(private readonly source: DataSource) {}

  async list(limit: number, state?: RefundState, cursor?: string): Promise<Page<ListedRefund>> {
    const rows = (await this.source.query(
      `select id as "refundId", order_id as "orderId", receivable_id as "receivableId", payment_id as "paymentId", provider,
              provider_reference as reference, amount::float8 as amount, currency, state, problem,
              requested_at as "requestedAt", refunded_at as "refundedAt"
         from refunds where ($1::text is null or state = $1) and ($2::uuid is null or id > $2) order by id limit $3`,
      [state ?? null, cursor ?? null, limit + 1],
    )) as ListedRefund[];
    return pageOf(rows, limit, ({ refundId }) => refundId);
  }
}
