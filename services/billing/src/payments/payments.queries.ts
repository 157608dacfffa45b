import { Injectable } from '@nestjs/common';
import type { Page } from '@retaguarda/department';
import { pageOf } from '@retaguarda/department';
import { DataSource } from 'typeorm';
import type { Problem } from './matching.js';

/** Amounts in minor units; `applied` counts towards the receivable, `unmatched` does not. */
export interface RecordedPayment {
  readonly paymentId: string;
  readonly provider: string;
  readonly reference: string;
  readonly receivableId: string | null;
  readonly amount: number;
  readonly currency: string;
  readonly applied: number;
  readonly unmatched: number;
  readonly problem: Problem | null;
}

/** `statedFor` is what the provider says that the money is for. */
export interface UnmatchedPayment extends RecordedPayment {
  readonly statedFor: string;
  readonly recordedAt: Date;
}

const PAYMENT = `id as "paymentId", provider, reference, receivable_id as "receivableId", amount::float8 as amount,
  currency, applied::float8 as applied, (amount - applied)::float8 as unmatched, problem`;

@Injectable()
export class PaymentsQueries {
  constructor(private readonly source: DataSource) {}

  async payment(provider: string, reference: string): Promise<RecordedPayment> {
    const [payment] = (await this.source.query(
      `select ${PAYMENT} from payments where provider = $1 and reference = $2`,
      [provider, reference],
    )) as RecordedPayment[];
    return payment!;
  }

  /** Money that belongs to no receivable and is not going back either: somebody has to find out whose it is. */
  async unmatched(limit: number, cursor?: string): Promise<Page<UnmatchedPayment>> {
    const rows = (await this.source.query(
      `select ${PAYMENT}, stated_for as "statedFor", recorded_at as "recordedAt" from payments
        where problem is not null and refunded = 0 and ($1::uuid is null or id > $1) order by id limit $2`,
      [cursor ?? null, limit + 1],
    )) as UnmatchedPayment[];
    return pageOf(rows, limit, ({ paymentId }) => paymentId);
  }
}
