import { Injectable } from '@nestjs/common';
import { OrderPacked } from '@retaguarda/contracts';
import type { OrderSheet, StockReserved } from '@retaguarda/contracts';
import type { Tx } from '@retaguarda/database';
import type { HandlesAll } from '@retaguarda/messaging';
import { firstOfEach } from '@retaguarda/messaging';
import { FulfillmentMode } from '../fulfillment-mode.js';
import { goodsIn } from './picking.js';
import type { Method } from './pick-lists.js';
import { pack } from './pick-lists.js';
import type { Stop } from './walk.js';
import { walkOf } from './walk.js';

interface Draft {
  readonly id: string;
  readonly orderId: string;
  readonly order: OrderSheet;
  readonly method: Method;
  readonly stops: readonly Stop[];
}

/** What is to be picked for an order whose stock is held. An order that was stopped meanwhile stays stopped. */
@Injectable()
export class OpenPickList implements HandlesAll<StockReserved, OrderPacked> {
  constructor(private readonly mode: FulfillmentMode) {}

  async handleAll(events: readonly StockReserved[], tx: Tx): Promise<OrderPacked[]> {
    const drafts = firstOfEach(events).map((event) => draftOf(tx, event));
    const opened = await this.open(tx, drafts);
    const lists = drafts.filter(({ id }) => opened.has(id));
    await this.insertLines(tx, lists);
    return this.mode.isAuto ? packAtOnce(tx, lists) : [];
  }

  /** Returns the ids of lists that are new; the unique order id refuses every other. */
  private async open(tx: Tx, drafts: readonly Draft[]): Promise<Set<string>> {
    const rows = await tx.query<{ id: string }>(
      `insert into pick_lists (id, order_id, channel, external_id, status, method, sheet, opened_at, changed_at, packed_at)
       select id, "orderId", "order" ->> 'channel', "order" ->> 'externalId', $2::text, method, "order",
              $3::timestamptz, $3::timestamptz, case when $2::text = 'packed' then $3::timestamptz end
         from jsonb_to_recordset($1::jsonb) as d(id uuid, "orderId" uuid, method text, "order" jsonb)
        order by "orderId"
       on conflict do nothing returning id`,
      [
        JSON.stringify(drafts.map(({ id, orderId, method, order }) => ({ id, orderId, method, order }))),
        this.mode.isAuto ? 'packed' : 'open',
        tx.now,
      ],
    );
    return new Set(rows.map(({ id }) => id));
  }

  private async insertLines(tx: Tx, lists: readonly Draft[]): Promise<void> {
    const lines = lists.flatMap(({ id, stops }) =>
      stops.map((stop, index) => ({ id, position: index + 1, picked: this.mode.isAuto ? stop.quantity : 0, ...stop })),
    );
    if (lines.length === 0) return;
    await tx.query(
      `insert into pick_list_lines (pick_list_id, position, line, sku, name, kind, location, quantity, picked)
       select id, position, line, sku, name, kind, location, quantity, picked
         from jsonb_to_recordset($1::jsonb) as l(id uuid, position int, line int, sku text, name text, kind text,
                                                 location text, quantity int, picked int)`,
      [JSON.stringify(lines)],
    );
  }
}

function draftOf(tx: Tx, event: StockReserved): Draft {
  const { orderId, order } = event;
  const hasGoods = order.lines.some(({ kind }) => kind === 'goods');
  const method = hasGoods ? order.delivery.method : 'none';
  return { id: tx.idFrom('pick list', orderId), orderId, order, method, stops: walkOf(event) };
}

async function packAtOnce(tx: Tx, lists: readonly Draft[]): Promise<OrderPacked[]> {
  const parcels = await pack(
    tx,
    lists.map(({ orderId, stops }) => ({ orderId, contents: [goodsIn(stops)] })),
  );
  return lists.map(({ orderId, order }) => OrderPacked.of({ orderId, parcels: parcels.get(orderId) ?? [], order }));
}
