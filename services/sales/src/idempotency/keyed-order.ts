import { OrderSubmitted } from '@retaguarda/contracts';
import { createHash } from 'node:crypto';

/** An order that came with an `Idempotency-Key`. */
export class KeyedOrder extends OrderSubmitted {
  idempotencyKey!: string;
  fingerprint!: string;

  /** `order` is validated, so its fields stand in the order of the contract whatever the body looked like. */
  static with(idempotencyKey: string, order: OrderSubmitted): KeyedOrder {
    const fingerprint = createHash('sha256').update(JSON.stringify(order)).digest('base64url');
    return Object.assign(new KeyedOrder(), order, { idempotencyKey, fingerprint });
  }
}

/** By its data, because an order that is placed again in a recovery is nothing else. */
export function isKeyed(order: OrderSubmitted): order is KeyedOrder {
  return 'idempotencyKey' in order;
}
