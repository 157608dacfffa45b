import type { Sent } from './simulated-broker.js';

interface Facts {
  readonly channel?: string;
  readonly externalId?: string;
  readonly orderId?: string;
  readonly sku?: string;
  readonly receivableId?: string;
  readonly amount?: number;
}

/** What a customer owes, as billing tells it. */
export interface Owed {
  readonly receivableId: string;
  readonly order: string;
  /** Minor units. */
  readonly amount: number;
}

/**
 * Names for what has a random id, so that the same schedule reads the same each time: an order is called by the
 * channel's own number, a receivable by its order.
 */
export class Names {
  private readonly orders = new Map<string, string>();
  private readonly receivables = new Map<string, Owed>();

  /** `order-placed A`, of the envelope in a message's body. */
  of({ routingKey, body }: Sent): string {
    const { type = routingKey, data = {} } = JSON.parse(body.toString()) as { type?: string; data?: Facts };
    const order = this.learn(data);
    if (type.startsWith('billing.receivable-opened') && order && data.receivableId && data.amount !== undefined)
      this.receivables.set(data.receivableId, { receivableId: data.receivableId, order, amount: data.amount });
    return `${type.replace(/^[a-z]+\.|\.v\d+$/g, '')} ${order ?? data.sku ?? '?'}`;
  }

  order(orderId: string): string {
    return this.orders.get(orderId) ?? '?';
  }

  /** The order that a receivable is for. */
  receivable(receivableId: string): string | undefined {
    return this.receivables.get(receivableId)?.order;
  }

  get owed(): readonly Owed[] {
    return [...this.receivables.values()];
  }

  get orderIds(): readonly string[] {
    return [...this.orders.keys()];
  }

  private learn({ orderId, externalId }: Facts): string | undefined {
    if (orderId && externalId) this.orders.set(orderId, letterOf(externalId));
    return orderId ? this.orders.get(orderId) : externalId && letterOf(externalId);
  }
}

/** Order numbers end in the letter of the order: `4711-A`. */
export function letterOf(externalId: string): string {
  return externalId.slice(externalId.lastIndexOf('-') + 1);
}
