import { Injectable } from '@nestjs/common';
import { InvoiceIssued, OrderCompleted, OrderPacked, OrderShipped } from '@retaguarda/contracts';
import { PaymentReceived, StockReserved } from '@retaguarda/contracts';
import type { Tx } from '@retaguarda/database';
import type { HandlesAll } from '@retaguarda/messaging';
import { notYet } from '@retaguarda/messaging';
import type { Progress } from './progress.js';
import { isCompletedBy, merge } from './progress.js';
import { happenedAt, lock } from './orders.js';
import type { LockedOrder } from './orders.js';

type Told = StockReserved | OrderPacked | InvoiceIssued | OrderShipped | PaymentReceived;

/** Keeps what the departments tell about an order, and sees when it is complete: shipped and paid. */
@Injectable()
export class RecordProgress implements HandlesAll<Told, OrderCompleted> {
  async handleAll(events: readonly Told[], tx: Tx) {
    const orders = await lock(tx, events);
    const told = events.filter(({ orderId }) => orders.has(orderId));
    const progress = merge(
      told.flatMap((event) => {
        const fact = factOf(event);
        return fact ? [{ order: orders.get(event.orderId)!, fact, at: happenedAt(event, tx) }] : [];
      }),
    );
    await save(tx, progress);
    const unknown = events.filter(({ orderId }) => !orders.has(orderId));
    return [
      ...progress.filter(isCompletedBy).map(({ order }) => completed(order, tx)),
      ...unknown.map((event) => notYet('the order is not known yet', event)),
    ];
  }
}

/** A payment that leaves something outstanding is billing's business only. */
function factOf(event: Told): keyof Progress['times'] | undefined {
  if (event instanceof StockReserved) return 'reserved';
  if (event instanceof OrderPacked) return 'packed';
  if (event instanceof InvoiceIssued) return 'invoiced';
  if (event instanceof OrderShipped) return 'shipped';
  return event.outstanding === 0 ? 'paid' : undefined;
}

function completed({ id, channel, externalId, total, currency }: LockedOrder, { now }: Tx): OrderCompleted {
  return OrderCompleted.of({ orderId: id, channel, externalId, total, currency, completedAt: now.toISOString() });
}

async function save(tx: Tx, progress: readonly Progress[]): Promise<void> {
  if (progress.length === 0) return;
  const told = (fact: keyof Progress['times']) => progress.map(({ times }) => times[fact] ?? null);
  await tx.query(
    `update orders o set
            reserved_at = coalesce(o.reserved_at, p.reserved_at), packed_at = coalesce(o.packed_at, p.packed_at),
            invoiced_at = coalesce(o.invoiced_at, p.invoiced_at), shipped_at = coalesce(o.shipped_at, p.shipped_at),
            paid_at = coalesce(o.paid_at, p.paid_at), completed_at = coalesce(o.completed_at, p.completed_at)
       from unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[], $4::timestamptz[], $5::timestamptz[],
                   $6::timestamptz[], $7::timestamptz[])
            as p(order_id, reserved_at, packed_at, invoiced_at, shipped_at, paid_at, completed_at)
      where o.id = p.order_id`,
    [
      progress.map(({ order }) => order.id),
      ...(['reserved', 'packed', 'invoiced', 'shipped', 'paid'] as const).map(told),
      progress.map((one) => (isCompletedBy(one) ? tx.now : null)),
    ],
  );
}
