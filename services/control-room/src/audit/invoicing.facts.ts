import { among, goodsIn, ms, parametersOf } from './columns.js';
import type { Snapshot } from './snapshot.js';

/** The invoice of one order. Money is minor units. */
export interface InvoicingFacts {
  readonly orderId: string;
  readonly invoiceId: string;
  /** Its id, series and number. */
  readonly document: string;
  readonly status: 'issued' | 'cancelled';
  readonly total: number;
  readonly currency: string;
  /** Σ(quantity × unitPrice − discount) + shippingFee, added up here. */
  readonly addedUp: number;
  /** Σ of the totals that are printed on the lines, + shippingFee. */
  readonly printed: number;
  /** The invoiced goods (columns.ts). */
  readonly goods: string;
  readonly issuedAt: number;
  readonly cancelledAt: number | null;
}

const LINE_AMOUNT = `(line->>'quantity')::numeric * (line->>'unitPrice')::numeric - (line->>'discount')::numeric`;

/** Invoices by ascending order id; with `only`, those. */
export function invoicingFacts(invoicing: Snapshot, only?: readonly string[]): AsyncGenerator<InvoicingFacts[]> {
  return invoicing.pages(
    `select order_id as "orderId", id as "invoiceId", id || ' ' || series || '/' || number as document, status,
            total::float8 as total, currency, sums.*,
            ${ms('issued_at', 'issuedAt')}, ${ms('cancelled_at', 'cancelledAt')}
       from invoices, lateral (
              select (coalesce(sum(${LINE_AMOUNT}), 0) + shipping_fee)::float8 as "addedUp",
                     (coalesce(sum((line->>'total')::numeric), 0) + shipping_fee)::float8 as printed,
                     ${goodsIn("line->>'sku'", "case when line->>'kind' = 'goods' then line->>'quantity' else '0' end")} as goods
                from jsonb_array_elements(lines) as l(line)) sums
       ${among('order_id', only)} order by order_id`,
    parametersOf(only),
  );
}

/** One number series: its counter, and what its documents say. */
export interface SeriesFacts {
  readonly code: string;
  /** Null: there are documents of a series that has no counter. */
  readonly nextNumber: number | null;
  readonly count: number;
  readonly distinct: number;
  readonly lowest: number | null;
  readonly highest: number | null;
  /** Numbers that no document has, the first 100. */
  readonly missing: readonly number[];
}

export function seriesFacts(invoicing: Snapshot): Promise<SeriesFacts[]> {
  return invoicing.rows(
    `with used as (
       select series as code, count(*)::int as count, count(distinct number)::int as distinct, min(number) as lowest,
              max(number) as highest from invoices group by series)
     select code, next_number as "nextNumber", coalesce(count, 0) as count, coalesce("distinct", 0) as distinct,
            lowest, highest,
            array(select missing from (
                    select number, lag(number, 1, 0) over (order by number) as before from invoices where series = code) n,
                    lateral generate_series(before + 1, number - 1) as missing
                   order by missing limit 100) as missing
       from series full join used using (code) order by code`,
  );
}
