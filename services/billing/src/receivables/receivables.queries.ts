import { Injectable, NotFoundException } from '@nestjs/common';
import type { PaymentMethod, PaymentTerms } from '@retaguarda/contracts';
import type { Page } from '@retaguarda/department';
import { pageOf } from '@retaguarda/department';
import { DataSource } from 'typeorm';
import type { ChargeState } from '../charges/charges.js';
import type { RefundState } from '../refunds/refund.entity.js';
import type { ReceivableStatus } from './receivables.js';

/** Amounts in minor units. */
export interface ListedReceivable {
  readonly receivableId: string;
  readonly orderId: string;
  readonly invoiceId: string;
  readonly amount: number;
  readonly paid: number;
  readonly outstanding: number;
  readonly currency: string;
  readonly terms: PaymentTerms;
  readonly method: PaymentMethod;
  readonly dueOn: string;
  readonly status: ReceivableStatus;
  /** Null when nothing is collected by a provider. */
  readonly charge: ChargeState | null;
  readonly openedAt: Date;
}

export interface ReceivableInFull extends ListedReceivable {
  readonly voidReason: string | null;
  readonly instalments: readonly { readonly number: number; readonly amount: number; readonly dueOn: string }[];
  readonly payments: readonly { readonly paymentId: string; readonly amount: number; readonly applied: number }[];
  readonly refunds: readonly { readonly paymentId: string; readonly amount: number; readonly state: RefundState }[];
}

export interface Wanted {
  readonly orderId?: string | undefined;
  readonly status?: ReceivableStatus | undefined;
  readonly charge?: ChargeState | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

const RECEIVABLE = `r.id as "receivableId", r.order_id as "orderId", r.invoice_id as "invoiceId",
  r.amount::float8 as amount, r.paid::float8 as paid,
  case when r.status = 'void' then 0 else r.amount - r.paid end::float8 as outstanding, r.currency, r.terms, r.method,
  r.due_on::text as "dueOn", r.status, c.state as charge, r.opened_at as "openedAt"`;

@Injectable()
export class ReceivablesQueries {
  constructor(private readonly source: DataSource) {}

  async list({ orderId, status, charge, cursor, limit }: Wanted): Promise<Page<ListedReceivable>> {
    const rows = (await this.source.query(
      `select ${RECEIVABLE} from receivables r left join charges c on c.receivable_id = r.id
        where ($1::uuid is null or r.order_id = $1) and ($2::text is null or r.status = $2)
          and ($3::text is null or c.state = $3) and ($4::uuid is null or r.id > $4) order by r.id limit $5`,
      [orderId ?? null, status ?? null, charge ?? null, cursor ?? null, limit + 1],
    )) as ListedReceivable[];
    return pageOf(rows, limit, ({ receivableId }) => receivableId);
  }

  async receivable(id: string): Promise<ReceivableInFull> {
    const [receivable] = (await this.source.query(
      `select ${RECEIVABLE}, r.void_reason as "voidReason",
              (select coalesce(json_agg(json_build_object('number', number, 'amount', amount, 'dueOn', due_on)
                       order by number), '[]') from instalments where receivable_id = r.id) as instalments,
              (select coalesce(json_agg(json_build_object('paymentId', id, 'provider', provider,
                       'reference', reference, 'amount', amount, 'applied', applied, 'paidAt', paid_at) order by id), '[]')
                 from payments where receivable_id = r.id) as payments,
              (select coalesce(json_agg(json_build_object('refundId', id, 'paymentId', payment_id, 'amount', amount,
                       'state', state, 'problem', problem, 'refundedAt', refunded_at) order by id), '[]')
                 from refunds where receivable_id = r.id) as refunds
         from receivables r left join charges c on c.receivable_id = r.id where r.id = $1`,
      [id],
    )) as ReceivableInFull[];
    if (!receivable) throw new NotFoundException(`No receivable has the id ${id}.`);
    return receivable;
  }
}
