import { among, goodsIn, ms, parametersOf } from './columns.js';
import type { Snapshot } from './snapshot.js';

/** What sales holds of one order. Times are ms since 1970 and null while they are not; money is minor units. */
export interface SalesFacts {
  readonly orderId: string;
  readonly total: number;
  readonly currency: string;
  /** The ordered goods, comparable with those of other departments (columns.ts). */
  readonly goods: string;
  readonly placedAt: number;
  readonly reservedAt: number | null;
  readonly packedAt: number | null;
  readonly invoicedAt: number | null;
  readonly shippedAt: number | null;
  readonly paidAt: number | null;
  readonly completedAt: number | null;
  readonly rejectedAt: number | null;
  readonly cancelledAt: number | null;
  readonly cancellationRequestedAt: number | null;
  readonly cancellationRefusedAt: number | null;
}

/** Orders by ascending id; with `only`, those. */
export function salesFacts(sales: Snapshot, only?: readonly string[]): AsyncGenerator<SalesFacts[]> {
  return sales.pages(
    `select id as "orderId", total::float8 as total, currency,
            (select ${goodsIn("line->>'sku'", "(line->>'quantity')")} from jsonb_array_elements(sheet->'lines') as l(line)
              where line->>'kind' = 'goods') as goods,
            ${ms('placed_at', 'placedAt')}, ${ms('reserved_at', 'reservedAt')}, ${ms('packed_at', 'packedAt')},
            ${ms('invoiced_at', 'invoicedAt')}, ${ms('shipped_at', 'shippedAt')}, ${ms('paid_at', 'paidAt')},
            ${ms('completed_at', 'completedAt')}, ${ms('rejected_at', 'rejectedAt')},
            ${ms('cancelled_at', 'cancelledAt')}, ${ms('cancellation_requested_at', 'cancellationRequestedAt')},
            ${ms('cancellation_refused_at', 'cancellationRefusedAt')}
       from orders ${among('id', only)} order by id`,
    parametersOf(only),
  );
}
