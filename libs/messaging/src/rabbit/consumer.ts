import type { Channel, ChannelModel, ConsumeMessage } from 'amqplib';
import { randomUUID } from 'node:crypto';
import type { QueuePlan } from '../process/topology.js';
import type { Incoming } from '../pipeline/step.js';

/** Takes a batch to "committed" and returns the sending of its events, after which the batch is acked. */
export type TakeBatch = (batch: readonly Incoming[]) => Promise<{ sent: Promise<void> }>;

export interface ConsumerSettings {
  /** Messages per transaction at most. */
  readonly batchSize: number;
  readonly log: (message: string) => void;
}

const RESUBSCRIBE_MS = 500;

/**
 * Consumes one queue in batches: whatever has arrived when the step is free, up to `batchSize`. While one batch is
 * sent and acked the next is at work. Subscribes again after a broker-side cancel or a closed channel.
 */
export class Consumer {
  private channel: Channel | undefined;
  private connection: ChannelModel | undefined;
  private consumerTag: string | undefined;
  private arrived: { message: ConsumeMessage; channel: Channel }[] = [];
  private isWorking = false;
  private isStopping = false;
  private readonly underWay = new Set<Promise<void>>();

  constructor(
    readonly plan: QueuePlan,
    private readonly take: TakeBatch,
    private readonly settings: ConsumerSettings,
  ) {}

  get isAttached(): boolean {
    return this.consumerTag !== undefined;
  }

  /** Call on each new connection. */
  async useConnection(connection: ChannelModel): Promise<void> {
    connection.once('close', () => {
      if (this.connection === connection) this.connection = undefined;
    });
    this.connection = connection;
    await this.subscribe(connection);
  }

  /** Takes no more, finishes what is at work, gives the rest back to the queue. */
  async drain(): Promise<void> {
    this.isStopping = true;
    const { channel, consumerTag } = this;
    this.consumerTag = undefined;
    if (channel && consumerTag) await channel.cancel(consumerTag).catch(() => undefined);
    for (const { message, channel: from } of this.arrived.splice(0))
      if (from === this.channel) from.reject(message, true);
    while (this.underWay.size > 0) await Promise.all(this.underWay);
    await channel?.close().catch(() => undefined);
  }

  private async subscribe(connection: ChannelModel): Promise<void> {
    const channel = await connection.createChannel();
    channel.on('error', (error: Error) => this.settings.log(`${this.plan.queue}: ${error.message}`));
    channel.on('close', () => this.lose(channel));
    await declareQueue(channel, this.plan);
    await channel.prefetch(this.settings.batchSize * 2);
    this.channel = channel;
    this.arrived = [];
    // A fresh tag each time: re-used tags leave messages stuck on RabbitMQ 3.10.
    const consumerTag = `${this.plan.queue}-${randomUUID()}`;
    await channel.consume(this.plan.queue, (message) => this.arrive(message, channel), { consumerTag });
    if (this.channel === channel) this.consumerTag = consumerTag;
  }

  private arrive(message: ConsumeMessage | null, channel: Channel): void {
    if (message === null) {
      this.settings.log(`${this.plan.queue}: the broker cancelled the consumer; subscribing again`);
      this.consumerTag = undefined;
      void channel.close().catch(() => undefined);
      return;
    }
    if (this.isStopping) return channel.reject(message, true);
    this.arrived.push({ message, channel });
    this.pump();
  }

  private pump(): void {
    if (this.isWorking || this.arrived.length === 0) return;
    this.isWorking = true;
    // One turn of the event loop, so that all that came in with the same read joins the batch.
    setImmediate(() => {
      const work = this.work().finally(() => {
        this.underWay.delete(work);
        this.isWorking = false;
        this.pump();
      });
      this.underWay.add(work);
    });
  }

  private async work(): Promise<void> {
    const batch = this.arrived.splice(0, this.settings.batchSize);
    if (batch.length === 0) return;
    try {
      const { sent } = await this.take(batch.map(({ message }) => incomingOf(message)));
      const acking = sent.then(() => this.ackAll(batch)).finally(() => this.underWay.delete(acking));
      this.underWay.add(acking);
    } catch (error) {
      if (!this.isStopping)
        this.settings.log(`${this.plan.queue}: ${error instanceof Error ? error.message : String(error)}`);
      for (const { message, channel } of batch) if (channel === this.channel) channel.reject(message, true);
    }
  }

  /** One by one, and only on the channel that delivered: a tag means nothing on another. */
  private ackAll(batch: readonly { message: ConsumeMessage; channel: Channel }[]): void {
    for (const { message, channel } of batch) if (channel === this.channel) channel.ack(message);
  }

  private lose(channel: Channel): void {
    if (this.channel !== channel) return;
    this.channel = undefined;
    this.consumerTag = undefined;
    this.arrived = [];
    if (!this.isStopping) setTimeout(() => void this.resubscribe(), RESUBSCRIBE_MS).unref();
  }

  private async resubscribe(): Promise<void> {
    const { connection } = this;
    if (!connection || this.channel || this.isStopping) return;
    try {
      await this.subscribe(connection);
    } catch (error) {
      this.settings.log(`${this.plan.queue}: ${error instanceof Error ? error.message : String(error)}`);
      if (!this.channel) setTimeout(() => void this.resubscribe(), RESUBSCRIBE_MS).unref();
    }
  }
}

/** Only the queue type is an argument, because arguments of a queue cannot change; limits come by policy. */
export async function declareQueue(channel: Channel, { queue, bindings }: QueuePlan): Promise<void> {
  await channel.assertQueue(queue, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
  for (const { exchange, routingKey } of bindings) await channel.bindQueue(queue, exchange, routingKey);
}

export function incomingOf({ fields, properties, content }: ConsumeMessage): Incoming {
  return {
    exchange: fields.exchange,
    routingKey: fields.routingKey,
    contentType: textOf(properties.contentType),
    messageId: textOf(properties.messageId),
    headers: (properties.headers ?? {}) as Record<string, unknown>,
    body: content,
    mayHaveCrashed: fields.redelivered,
    attempts: 0,
    early: 0,
    fromDeferred: false,
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
