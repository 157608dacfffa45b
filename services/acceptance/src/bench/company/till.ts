import type { ChannelModel, ConsumeMessage } from 'amqplib';
import { connect } from 'amqplib';

const EXCHANGES = ['retaguarda', 'storefront'];

/** Hears of every payment and every completed order, through a queue of its own, and notes when. */
export class Till {
  /** By order id; milliseconds of `performance.now()`. */
  readonly paidAt = new Map<string, number>();
  private readonly completed = new Set<string>();
  lastHeardAt = 0;

  private constructor(private readonly connection: ChannelModel) {}

  static async open(url: string): Promise<Till> {
    const connection = await connect(url);
    connection.on('error', () => undefined);
    const till = new Till(connection);
    const channel = await connection.createChannel();
    const { queue } = await channel.assertQueue('', { exclusive: true });
    for (const exchange of EXCHANGES)
      for (const key of ['billing.payment-received.v1', 'sales.order-completed.v1'])
        await channel.bindQueue(queue, exchange, key);
    await channel.consume(queue, (message) => till.hear(message), { noAck: true });
    return till;
  }

  get paid(): number {
    return this.paidAt.size;
  }

  get completedOrders(): number {
    return this.completed.size;
  }

  async close(): Promise<void> {
    await this.connection.close().catch(() => undefined);
  }

  /** CloudEvents and Nest's packets both carry the facts in `data`. */
  private hear(message: ConsumeMessage | null): void {
    if (!message) return;
    const now = performance.now();
    const { data } = JSON.parse(message.content.toString()) as { data: { orderId: string } };
    if (message.fields.routingKey.startsWith('sales.')) this.completed.add(data.orderId);
    else if (!this.paidAt.has(data.orderId)) this.paidAt.set(data.orderId, now);
    this.lastHeardAt = now;
  }
}
