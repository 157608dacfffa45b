import { Injectable } from '@nestjs/common';
import type { CancellationRequested } from '@retaguarda/contracts';
import { CancellationRefused, OrderStopped } from '@retaguarda/contracts';
import type { Tx } from '@retaguarda/database';
import type { HandlesAll } from '@retaguarda/messaging';
import { firstOfEach } from '@retaguarda/messaging';
import type { LockedList } from './pick-lists.js';
import { checkStep, lock } from './pick-lists.js';

/**
 * The pivot: only here it is known whether anything of the order has left. Until then it is stopped; after that the
 * cancellation is refused. An order that has not come yet is stopped before it does.
 */
@Injectable()
export class StopOrder implements HandlesAll<CancellationRequested, OrderStopped | CancellationRefused> {
  async handleAll(events: readonly CancellationRequested[], tx: Tx): Promise<(OrderStopped | CancellationRefused)[]> {
    const requests = firstOfEach(events);
    const reasons = new Map(requests.map(({ orderId, reason }) => [orderId, reason]));
    const stoppedBefore = await rememberUnknown(tx, requests);
    const lists = (await lock(tx, [...reasons.keys()])).filter(({ status }) => status !== 'stopped');
    const stopped = lists.filter(({ leftAt }) => leftAt === null);
    const refused = lists.filter(({ leftAt, refusedAt }) => leftAt !== null && refusedAt === null);
    await stop(tx, stopped, reasons);
    await noteRefusals(tx, refused);
    return [
      ...stoppedBefore.map((orderId) => OrderStopped.of({ orderId, reason: reasons.get(orderId)!, wasPacked: false })),
      ...stopped.map((list) =>
        OrderStopped.of({ orderId: list.orderId, reason: reasons.get(list.orderId)!, wasPacked: isPacked(list) }),
      ),
      ...refused.map((list) => CancellationRefused.of({ orderId: list.orderId, reason: whyRefused(list) })),
    ];
  }
}

/** Leaves a stopped list for each order that has none; returns those orders. */
async function rememberUnknown(tx: Tx, requests: readonly CancellationRequested[]): Promise<string[]> {
  const rows = await tx.query<{ order_id: string }>(
    `insert into pick_lists (id, order_id, channel, external_id, status, stop_reason, opened_at, changed_at)
     select id, "orderId", channel, "externalId", 'stopped', reason, $2::timestamptz, $2::timestamptz
       from jsonb_to_recordset($1::jsonb)
         as r(id uuid, "orderId" uuid, channel text, "externalId" text, reason text)
      order by "orderId"
     on conflict do nothing returning order_id`,
    [JSON.stringify(requests.map((request) => ({ ...request, id: tx.idFrom('pick list', request.orderId) }))), tx.now],
  );
  return rows.map((row) => row.order_id);
}

async function stop(tx: Tx, lists: readonly LockedList[], reasons: ReadonlyMap<string, string>): Promise<void> {
  if (lists.length === 0) return;
  for (const { status } of lists) checkStep(status, 'stopped');
  await tx.query(
    `update pick_lists l set status = 'stopped', stop_reason = s.reason, changed_at = $3::timestamptz
       from unnest($1::uuid[], $2::text[]) as s(id, reason) where l.id = s.id`,
    [lists.map(({ id }) => id), lists.map(({ orderId }) => reasons.get(orderId)), tx.now],
  );
}

async function noteRefusals(tx: Tx, lists: readonly LockedList[]): Promise<void> {
  if (lists.length === 0) return;
  await tx.query('update pick_lists set refused_at = $2 where id = any($1::uuid[])', [
    lists.map(({ id }) => id),
    tx.now,
  ]);
}

function isPacked({ status }: LockedList): boolean {
  return status === 'packed' || status === 'ready';
}

function whyRefused({ status, method, leftAt }: LockedList): string {
  const day = leftAt!.toISOString().slice(0, 10);
  if (method === 'none') return `the services were performed and invoiced on ${day}`;
  if (status === 'ready') return `a parcel of the order left on ${day}`;
  return method === 'pickup' ? `the order was handed over on ${day}` : `the order left on ${day}`;
}
