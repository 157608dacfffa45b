import type { ChannelModel, ConfirmChannel, ConsumeMessage, Options } from 'amqplib';
import { connect } from 'amqplib';

const RECONNECT_MS = 300;
const CONFIRM_WITHIN_MS = 5_000;

export type { ConsumeMessage };

/** Messages that wait in a queue, and its consumers. */
export interface Depth {
  readonly waiting: number;
  readonly consumers: number;
}

/** An outside program's connection to the broker, which comes back by itself: plain amqplib, no part of the product. */
export class BrokerClient {
  private connection: ChannelModel | undefined;
  private channel: ConfirmChannel | undefined;
  private isClosed = false;
  private readonly setUps: ((channel: ConfirmChannel) => Promise<void>)[] = [];

  private constructor(private readonly url: string) {}

  static async connect(url: string): Promise<BrokerClient> {
    const client = new BrokerClient(url);
    void client.live();
    await client.ready();
    return client;
  }

  /** Runs `work` on the channel now and on each that follows it. */
  async onChannel(work: (channel: ConfirmChannel) => Promise<void>): Promise<void> {
    this.setUps.push(work);
    await work(await this.ready());
  }

  /** Resolves with the broker's confirm; rejects when it refuses, does not answer in time or is not there. */
  publish(exchange: string, routingKey: string, body: Buffer, options: Options.Publish): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('not confirmed in time')), CONFIRM_WITHIN_MS);
      const settle = (error?: unknown) => {
        clearTimeout(timer);
        if (error) reject(error instanceof Error ? error : new Error('not confirmed'));
        else resolve();
      };
      if (!this.channel) return settle(new Error('the broker is not connected'));
      try {
        this.channel.publish(exchange, routingKey, body, { persistent: true, ...options }, (error: unknown) =>
          settle(error ?? undefined),
        );
      } catch (error) {
        settle(error);
      }
    });
  }

  /** Messages that wait in each queue and its consumers; undefined for one that is not there. */
  async depths(queues: readonly string[]): Promise<Map<string, Depth | undefined>> {
    const together = await this.ask(queues);
    if (together) return new Map(queues.map((queue, at) => [queue, together[at]]));
    // One queue that is not there closes the channel for all.
    const depths = new Map<string, Depth | undefined>();
    for (const queue of queues) depths.set(queue, (await this.ask([queue]))?.[0]);
    return depths;
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await this.connection?.close().catch(() => undefined);
  }

  private async ask(queues: readonly string[]): Promise<Depth[] | undefined> {
    const channel = await this.connection?.createChannel().catch(() => undefined);
    if (!channel) return undefined;
    channel.on('error', () => undefined);
    try {
      const answers = await Promise.all(queues.map((queue) => channel.checkQueue(queue)));
      await channel.close();
      return answers.map(({ messageCount, consumerCount }) => ({ waiting: messageCount, consumers: consumerCount }));
    } catch {
      return undefined;
    }
  }

  async ready(): Promise<ConfirmChannel> {
    while (!this.channel) {
      if (this.isClosed) throw new Error('closed');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return this.channel;
  }

  private async live(): Promise<void> {
    while (!this.isClosed) {
      await this.session().catch(() => undefined);
      this.channel = undefined;
      this.connection = undefined;
      if (!this.isClosed) await new Promise((resolve) => setTimeout(resolve, RECONNECT_MS));
    }
  }

  /** One connection from its first moment to its end. */
  private async session(): Promise<void> {
    const connection = await connect(`${this.url}?heartbeat=5`, { timeout: 3_000 });
    const ended = new Promise<void>((resolve) => connection.once('close', () => resolve()));
    connection.on('error', () => undefined);
    try {
      const channel = await connection.createConfirmChannel();
      channel.on('error', () => undefined);
      channel.once('close', () => void connection.close().catch(() => undefined));
      for (const setUp of this.setUps) await setUp(channel);
      this.connection = connection;
      this.channel = channel;
      await ended;
    } finally {
      await Promise.race([connection.close().catch(() => undefined), new Promise((r) => setTimeout(r, 1_000).unref())]);
    }
  }
}
