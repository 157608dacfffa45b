import { Injectable } from '@nestjs/common';
import { OrderPacked, type OrderShipped } from '@retaguarda/contracts';
import type { Tx } from '@retaguarda/database';
import type { RunsEvery } from '@retaguarda/messaging';
import { FulfillmentMode } from '../fulfillment-mode.js';
import { goodsIn } from './picking.js';
import type { PickedLine } from './picking.js';
import type { ListOfOrder } from './pick-lists.js';
import { LOCKED_COLUMNS, move, pack, sendOff, sheetsOf } from './pick-lists.js';

const WORKED_AT_ONCE = 100;
/** Of a list: something was reported missing and is still not picked. */
const SHORT = `select s.pick_list_id as id from shortages s join pick_list_lines p using (pick_list_id, sku)
                where p.picked < p.quantity`;

/**
 * In auto mode: what a switch from manual left half done, by the same rules as everything else. A list for which
 * somebody reported a shortage waits for a person. In manual mode this duty has nothing to do.
 */
@Injectable()
export class WorkOpenPickLists implements RunsEvery<OrderPacked | OrderShipped> {
  constructor(private readonly mode: FulfillmentMode) {}

  async run(tx: Tx): Promise<(OrderPacked | OrderShipped)[]> {
    if (!this.mode.isAuto) return [];
    const free = await tx.query<ListOfOrder>(
      `select ${LOCKED_COLUMNS} from pick_lists l
        where status in ('open', 'picking', 'ready') and not exists (${SHORT} and s.pick_list_id = l.id)
        order by order_id limit ${WORKED_AT_ONCE} for update skip locked`,
    );
    const lists = await withoutShortage(tx, free);
    const ready = lists.filter(({ status }) => status === 'ready');
    const packed = await packAll(
      tx,
      lists.filter(({ status }) => status !== 'ready'),
    );
    const shipped = await sendOff(tx, ready);
    await move(tx, ready, 'shipped');
    return [...packed, ...shipped];
  }
}

/** Looks again under the lock: a shortage may have been reported while this transaction came to it. */
async function withoutShortage(tx: Tx, lists: readonly ListOfOrder[]): Promise<ListOfOrder[]> {
  const rows = await tx.query<{ id: string }>(`${SHORT} and s.pick_list_id = any($1::uuid[])`, [
    lists.map(({ id }) => id),
  ]);
  const short = new Set(rows.map(({ id }) => id));
  return lists.filter(({ id }) => !short.has(id));
}

async function packAll(tx: Tx, lists: readonly ListOfOrder[]): Promise<OrderPacked[]> {
  if (lists.length === 0) return [];
  const ids = lists.map(({ id }) => id);
  const lines = await tx.query<PickedLine & { id: string }>(
    `update pick_list_lines set picked = quantity where pick_list_id = any($1::uuid[])
     returning pick_list_id as id, position, sku, kind, quantity, picked`,
    [ids],
  );
  const byList = new Map<string, PickedLine[]>(ids.map((id) => [id, []]));
  for (const line of lines) byList.get(line.id)!.push(line);
  const parcels = await pack(
    tx,
    lists.map(({ id, orderId }) => ({ orderId, contents: [goodsIn(byList.get(id)!)] })),
  );
  await move(tx, lists, 'packed');
  const sheets = await sheetsOf(tx, ids);
  return lists.map(({ id, orderId }) =>
    OrderPacked.of({ orderId, parcels: parcels.get(orderId) ?? [], order: sheets.get(id)! }),
  );
}
