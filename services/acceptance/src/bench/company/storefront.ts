import type { ChannelModel, ConfirmChannel } from 'amqplib';
import { connect } from 'amqplib';
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { OrderSubmitted } from '@retaguarda/contracts';
import type { Submission } from './contender.js';

/** Messages that may wait for their confirm, so that the feeder's memory stays small. */
const UNCONFIRMED = 1_000;
const TICK_MS = 5;

/** Puts orders into the broker, as a storefront does: persistent, with confirms. */
export class Storefront {
  /** When each order of the last feed was published, by its external id; milliseconds of `performance.now()`. */
  readonly submittedAt = new Map<string, number>();
  private failure: Error | undefined;

  private constructor(
    private readonly connection: ChannelModel,
    private readonly channel: ConfirmChannel,
    private readonly submission: (order: OrderSubmitted) => Submission,
  ) {}

  static async open(url: string, submission: (order: OrderSubmitted) => Submission): Promise<Storefront> {
    const connection = await connect(url);
    connection.on('error', () => undefined);
    return new Storefront(connection, await connection.createConfirmChannel(), submission);
  }

  /** As fast as the broker confirms. */
  async submitAll(orders: Iterable<OrderSubmitted>): Promise<void> {
    this.submittedAt.clear();
    let unconfirmed = 0;
    for (const order of orders) {
      this.submit(order);
      unconfirmed += 1;
      if (unconfirmed % UNCONFIRMED === 0) await this.confirmed();
    }
    await this.confirmed();
  }

  /** At an even pace, in steps of 5 ms at the least. */
  async submitAt(perSecond: number, orders: Iterable<OrderSubmitted>): Promise<void> {
    this.submittedAt.clear();
    const begin = performance.now();
    let count = 0;
    for (const order of orders) {
      const dueMs = (count / perSecond) * 1_000;
      while (performance.now() - begin < dueMs) await pause(TICK_MS);
      this.submit(order);
      count += 1;
    }
    await this.confirmed();
  }

  async close(): Promise<void> {
    await this.connection.close().catch(() => undefined);
  }

  private submit(order: OrderSubmitted): void {
    const { exchange, routingKey, body, contentType } = this.submission(order);
    const options = { persistent: true, contentType, messageId: randomUUID() };
    this.submittedAt.set(order.externalId, performance.now());
    this.channel.publish(exchange, routingKey, Buffer.from(body), options, (error: unknown) => {
      if (error) this.failure = error as Error;
    });
  }

  private async confirmed(): Promise<void> {
    await this.channel.waitForConfirms();
    if (this.failure) throw this.failure;
  }
}
