import { among, goodsIn, ms, parametersOf } from './columns.js';
import type { Snapshot } from './snapshot.js';

/** What fulfillment did with one order. */
export interface FulfillmentFacts {
  readonly orderId: string;
  readonly status: 'open' | 'picking' | 'packed' | 'ready' | 'shipped' | 'stopped';
  readonly openedAt: number;
  readonly changedAt: number;
  readonly packedAt: number | null;
  /** When the first parcel left. */
  readonly leftAt: number | null;
  /** When a cancellation was refused. */
  readonly refusedAt: number | null;
  /** The goods of its parcels (columns.ts). */
  readonly goods: string;
  /** Parcels that have not left. */
  readonly parcelsHere: number;
  /** The invoice that it may leave with, as `InvoicingFacts.document`. */
  readonly document: string | null;
  /** Something was reported missing and is still not picked. */
  readonly hasShortage: boolean;
}

/** Pick lists by ascending order id; with `only`, those. */
export function fulfillmentFacts(fulfillment: Snapshot, only?: readonly string[]): AsyncGenerator<FulfillmentFacts[]> {
  return fulfillment.pages(
    `select order_id as "orderId", status, ${ms('opened_at', 'openedAt')}, ${ms('changed_at', 'changedAt')},
            ${ms('packed_at', 'packedAt')}, ${ms('left_at', 'leftAt')}, ${ms('refused_at', 'refusedAt')},
            (select ${goodsIn("line->>'sku'", "(line->>'quantity')")}
               from parcels p, jsonb_array_elements(p.lines) as c(line) where p.order_id = l.order_id) as goods,
            (select count(*)::int from parcels p where p.order_id = l.order_id and dispatched_at is null) as "parcelsHere",
            (invoice->>'invoiceId') || ' ' || (invoice->>'series') || '/' || (invoice->>'number') as document,
            exists (select from shortages s join pick_list_lines p using (pick_list_id, sku)
                     where s.pick_list_id = l.id and p.picked < p.quantity) as "hasShortage"
       from pick_lists l ${among('order_id', only)} order by order_id`,
    parametersOf(only),
  );
}
