import type { History } from '../history/history.js';
import type { BrokerClient, ConsumeMessage } from './broker-client.js';

/** A message as it passed, for whoever wants to send it again. */
export interface Copy {
  readonly exchange: string;
  readonly type: string;
  readonly id: string;
  readonly body: Buffer;
}

export const OBSERVER_QUEUE = 'observer';
/** What a fault made up by itself is no part of the history. */
export const POISON_SOURCE = '/poison';
const COPIES_KEPT = 2_000;

/** Writes down every event on both exchanges, from a durable queue of its own that is bound to `#`. */
export class Observer {
  readonly copies: Copy[] = [];

  constructor(
    private readonly client: BrokerClient,
    private readonly history: History,
  ) {}

  async start(): Promise<void> {
    await this.client.onChannel(async (channel) => {
      await channel.assertQueue(OBSERVER_QUEUE, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
      for (const exchange of ['storefront', 'retaguarda']) await channel.bindQueue(OBSERVER_QUEUE, exchange, '#');
      await channel.prefetch(500);
      await channel.consume(OBSERVER_QUEUE, (message) => {
        if (!message) return;
        this.hear(message);
        channel.ack(message);
      });
    });
  }

  /** Hears all event types but this one, until `hearAll`. */
  async hearAllBut(type: string, types: readonly string[]): Promise<void> {
    const channel = await this.client.ready();
    const others = types.filter((one) => one !== type && !one.startsWith('storefront.'));
    for (const one of others) await channel.bindQueue(OBSERVER_QUEUE, 'retaguarda', one);
    await channel.unbindQueue(OBSERVER_QUEUE, 'retaguarda', '#');
  }

  async hearAll(): Promise<void> {
    await (await this.client.ready()).bindQueue(OBSERVER_QUEUE, 'retaguarda', '#');
  }

  private hear({ fields, content }: ConsumeMessage): void {
    const event = eventIn(content);
    if (!event) return;
    const { id, source, type, data } = event;
    if (source === POISON_SOURCE) return;
    this.history.write({ kind: 'delivered', id, source, type, key: keyOf(type, data ?? {}) });
    this.copies.push({ exchange: fields.exchange, type, id, body: content });
    if (this.copies.length > COPIES_KEPT) this.copies.shift();
  }
}

interface Heard {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly data?: Record<string, unknown>;
}

/** Poison is no event, or not one that anybody can judge. */
function eventIn(content: Buffer): Heard | undefined {
  try {
    const event = JSON.parse(content.toString()) as Partial<Heard> | null;
    return typeof event?.id === 'string' && typeof event.type === 'string' ? (event as Heard) : undefined;
  } catch {
    return undefined;
  }
}

/** What a fact is about: a payment, else an order, else what the storefront calls it. */
function keyOf(type: string, data: Record<string, unknown>): string {
  if (type.startsWith('billing.payment-')) return String(data['paymentId']);
  if (type.startsWith('storefront.')) return `${String(data['channel'])}/${String(data['externalId'])}`;
  return String(data['orderId'] ?? data['sku'] ?? '');
}
