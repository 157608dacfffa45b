import { UnprocessableEntityException } from '@nestjs/common';
import type { Tx } from '@retaguarda/database';
import { envelopeOf } from '@retaguarda/messaging';
import { statusOf } from '../orders/facts.js';
import { findByNumber } from '../orders/orders.js';
import type { KeyedOrder } from './keyed-order.js';

/**
 * Ties the key to its order and to the answer, in the transaction of the order: neither is there without the other. A
 * request with the same key that comes at the same time waits here for this one. Throws 422 for another body, which
 * undoes the transaction.
 */
export async function keepAnswer(tx: Tx, order: KeyedOrder): Promise<void> {
  const { idempotencyKey, fingerprint } = order;
  const kept = (await findByNumber(tx, order))!;
  const [isNew] = await tx.query(
    `insert into idempotency_keys (key, fingerprint, request_id, order_id, status, used_at)
     values ($1, $2, $3, $4, $5, $6) on conflict do nothing returning 1`,
    [idempotencyKey, fingerprint, envelopeOf(order).id, kept.id, statusOf(kept), tx.now],
  );
  if (isNew) return;
  const [isSameBody] = await tx.query('select 1 from idempotency_keys where key = $1 and fingerprint = $2', [
    idempotencyKey,
    fingerprint,
  ]);
  if (!isSameBody)
    throw new UnprocessableEntityException('This Idempotency-Key was already used with another body; use a new key.');
}
