import { Injectable, NotFoundException } from '@nestjs/common';
import type { Address, LineKind } from '@retaguarda/contracts';
import type { Page } from '@retaguarda/department';
import { pageOf } from '@retaguarda/department';
import { DataSource } from 'typeorm';
import type { ParcelPage } from '../parcels/parcels.queries.js';
import type { InvoiceOfParcel } from './pick-list.entity.js';
import type { Method, PickListStatus } from './pick-lists.js';
import { refusalOf } from './scan-item.js';
import type { Verdict } from './scan.entity.js';
import type { ShortageReason } from './shortage.entity.js';

/** One row of the list of pick lists. Nothing here says who the customer is. */
export interface PickListRow {
  readonly id: string;
  readonly orderId: string;
  readonly channel: string;
  readonly externalId: string;
  readonly status: PickListStatus;
  readonly method: Method | null;
  /** Pieces and services. */
  readonly wanted: number;
  readonly picked: number;
  readonly misScans: number;
  readonly openShortages: number;
  readonly openedAt: Date;
  readonly packedAt: Date | null;
  readonly leftAt: Date | null;
}

export interface PickListPage extends PickListRow {
  readonly lines: readonly {
    readonly line: number;
    readonly sku: string;
    readonly name: string;
    readonly kind: LineKind;
    readonly location: string | null;
    readonly quantity: number;
    readonly picked: number;
  }[];
  readonly shortages: readonly {
    readonly sku: string;
    readonly quantity: number;
    readonly reason: ShortageReason;
    readonly note?: string;
    readonly isOpen: boolean;
  }[];
  readonly parcels: readonly Omit<ParcelPage, 'orderId'>[];
  readonly invoice: InvoiceOfParcel | null;
  readonly stopReason: string | null;
  /** From the moment that everything is picked until it left; nobody needs it before or after. */
  readonly recipient: { readonly name: string; readonly address?: Address; readonly notes?: string } | null;
}

const SHORTAGES = `
  select s.sku, s.quantity, s.reason, s.note, s.reported_at,
         exists (select 1 from pick_list_lines p
                  where p.pick_list_id = s.pick_list_id and p.sku = s.sku and p.picked < p.quantity) as "isOpen"
    from shortages s where s.pick_list_id = l.id`;

const ROW = `
  l.id, l.order_id as "orderId", l.channel, l.external_id as "externalId", l.status, l.method, t.wanted, t.picked,
  (select count(*)::int from scans s where s.pick_list_id = l.id and s.verdict = 'wrong-item') as "misScans",
  (select count(*)::int from (${SHORTAGES}) s where "isOpen") as "openShortages",
  l.opened_at as "openedAt", l.packed_at as "packedAt", l.left_at as "leftAt"`;

const FROM = `
  from pick_lists l cross join lateral (
    select coalesce(sum(quantity), 0)::int as wanted, coalesce(sum(picked), 0)::int as picked
      from pick_list_lines where pick_list_id = l.id) t`;

const PARTS = `
  (select coalesce(jsonb_agg(jsonb_build_object('line', line, 'sku', sku, 'name', name, 'kind', kind,
            'location', location, 'quantity', quantity, 'picked', picked) order by position), '[]')
     from pick_list_lines where pick_list_id = l.id) as lines,
  (select coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object('sku', sku, 'quantity', quantity, 'reason', reason,
            'note', note, 'isOpen', "isOpen")) order by reported_at, sku), '[]')
     from (${SHORTAGES}) s) as shortages,
  (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'lines', lines, 'carrier', carrier,
            'trackingCode', tracking_code, 'dispatchedAt', dispatched_at) order by id), '[]')
     from parcels where order_id = l.order_id) as parcels,
  invoice, stop_reason as "stopReason",
  case when status in ('packed', 'ready') or (status = 'picking' and t.picked = t.wanted)
       then jsonb_strip_nulls(jsonb_build_object('name', sheet #> '{customer,name}',
              'address', sheet #> '{delivery,address}', 'notes', sheet -> 'notes')) end as recipient`;

@Injectable()
export class PickListsQueries {
  constructor(private readonly source: DataSource) {}

  async lists(wanted: {
    readonly status?: PickListStatus;
    readonly orderId?: string;
    readonly limit: number;
    readonly cursor?: string;
  }): Promise<Page<PickListRow>> {
    const { status = null, orderId = null, limit, cursor = null } = wanted;
    const rows = (await this.source.query(
      `select ${ROW} ${FROM}
        where ($1::text is null or l.status = $1) and ($2::uuid is null or l.order_id = $2)
          and ($3::uuid is null or l.id > $3)
        order by l.id limit $4`,
      [status, orderId, cursor, limit + 1],
    )) as PickListRow[];
    return pageOf(rows, limit, ({ id }) => id);
  }

  async list(id: string): Promise<PickListPage> {
    const [list] = (await this.source.query(`select ${ROW}, ${PARTS} ${FROM} where l.id = $1`, [id])) as PickListPage[];
    if (!list) throw new NotFoundException('There is no such pick list.');
    return list;
  }

  /** @throws ConflictException when the scan was refused */
  async afterScan(id: string, scanId: string): Promise<PickListPage> {
    const [scan] = (await this.source.query('select code, verdict, wanted from scans where id = $1', [scanId])) as {
      code: string;
      verdict: Verdict;
      wanted: number;
    }[];
    const refusal = scan && refusalOf(scan.code, scan.verdict, scan.wanted);
    if (refusal) throw refusal;
    return this.list(id);
  }
}
