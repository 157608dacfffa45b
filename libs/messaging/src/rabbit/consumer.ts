import type { Channel, ChannelModel, ConsumeMessage } from 'amqplib';
import { reasonOf } from '@retaguarda/database';
import { randomUUID } from 'node:crypto';
import { reach } from '../failpoints.js';
import type { QueuePlan } from '../process/topology.js';
import type { Incoming } from '../pipeline/step.js';
import { closed, pause } from './closing.js';

/** Takes a batch to "committed" and returns the sending of its events, after which the batch is acked. */
export type TakeBatch = (batch: readonly Incoming[]) => Promise<{ sent: Promise<void> }>;

export interface ConsumerSettings {
  /** Messages per transaction at most. */
  readonly batchSize: number;
  /** What comes within this time after the end of a batch is taken together, unless it is a full batch before. */
  readonly restMs: number;
  readonly log: (message: string) => void;
}

interface Arrived {
  readonly message: ConsumeMessage;
  readonly channel: Channel;
}

/** One batch is at work, one waits for the broker's confirms, and one is there when either is done. */
const PREFETCHED_BATCHES = 3;
const FIRST_RESUBSCRIBE_MS = 500;
const LONGEST_RESUBSCRIBE_MS = 5_000;
const FIRST_RETAKE_MS = 1_000;
const LONGEST_RETAKE_MS = 30_000;

/**
 * Consumes one queue in batches: whatever has arrived when the step is free, up to `batchSize`. While one batch is
 * sent and acked the next is at work; a step that rests waits for more before. Subscribes again after a broker-side cancel or a closed channel.
 *
 * Rejects nothing: what cannot be taken is tried again in place, and what is left at a stop goes back with the channel.
 * Every reject counts against the queue's delivery limit, and whole batches would end as dead letters.
 */
export class Consumer {
  private channel: Channel | undefined;
  private connection: ChannelModel | undefined;
  private consumerTag: string | undefined;
  private arrived: Arrived[] = [];
  private isWorking = false;
  private resting: NodeJS.Timeout | undefined;
  private readonly stop = new AbortController();
  private readonly underWay = new Set<Promise<void>>();
  /** Settles when every batch of this channel so far was sent and acked. */
  private acked: Promise<unknown> = Promise.resolve();
  /** The subscription under way; a newer one supersedes it. */
  private attempt: symbol | undefined;
  private resubscribing: NodeJS.Timeout | undefined;
  private resubscribeMs = FIRST_RESUBSCRIBE_MS;

  constructor(
    readonly plan: QueuePlan,
    private readonly take: TakeBatch,
    private readonly settings: ConsumerSettings,
  ) {}

  get isAttached(): boolean {
    return this.consumerTag !== undefined;
  }

  /**
   * Call on each new connection. Never rejects: a queue that cannot be consumed is tried again by itself, because the
   * other queues of the connection go on. Does nothing once it was drained.
   */
  async useConnection(connection: ChannelModel): Promise<void> {
    if (this.isStopping) return;
    connection.once('close', () => {
      if (this.connection === connection) this.connection = undefined;
    });
    this.connection = connection;
    await this.subscribeOrRetry(connection);
  }

  /** Takes no more, finishes what is at work; the rest goes back to the queue with the channel. */
  async drain(): Promise<void> {
    this.stop.abort();
    clearTimeout(this.resubscribing);
    clearTimeout(this.resting);
    const { channel, consumerTag } = this;
    this.consumerTag = undefined;
    this.arrived = [];
    // Not awaited: a broker that does not answer must not keep the work from being finished.
    if (channel && consumerTag) void channel.cancel(consumerTag).catch(() => undefined);
    if (FAILPOINTS) await reach('draining', this.plan.queue);
    while (this.underWay.size > 0) await Promise.all(this.underWay);
    if (this.channel) await this.drop(this.channel);
  }

  private get isStopping(): boolean {
    return this.stop.signal.aborted;
  }

  private async subscribe(connection: ChannelModel): Promise<void> {
    clearTimeout(this.resubscribing);
    this.resubscribing = undefined;
    const attempt = (this.attempt = Symbol(this.plan.queue));
    const isSuperseded = () => this.attempt !== attempt || this.isStopping;
    try {
      await this.attach(connection, isSuperseded);
    } catch (error) {
      if (!isSuperseded()) throw error;
    } finally {
      if (this.attempt === attempt) this.attempt = undefined;
    }
  }

  private async attach(connection: ChannelModel, isSuperseded: () => boolean): Promise<void> {
    const channel = await connection.createChannel();
    channel.on('error', (error: Error) => this.settings.log(`${this.plan.queue}: ${error.message}`));
    channel.on('close', () => this.lose(channel));
    if (isSuperseded()) return void closed(channel);
    if (this.channel) void this.drop(this.channel);
    this.channel = channel;
    this.acked = Promise.resolve();
    try {
      await declareQueue(channel, this.plan);
      await channel.prefetch(this.settings.batchSize * PREFETCHED_BATCHES);
      if (isSuperseded()) return void this.drop(channel);
      // A fresh tag each time: re-used tags leave messages stuck on RabbitMQ 3.10.
      const consumerTag = `${this.plan.queue}-${randomUUID()}`;
      await channel.consume(this.plan.queue, (message) => this.arrive(message, channel), { consumerTag });
      if (isSuperseded() || this.channel !== channel) return void this.drop(channel);
      this.consumerTag = consumerTag;
      this.resubscribeMs = FIRST_RESUBSCRIBE_MS;
    } catch (error) {
      void this.drop(channel);
      throw error;
    }
  }

  private arrive(message: ConsumeMessage | null, channel: Channel): void {
    if (this.channel !== channel || this.isStopping) return;
    if (message === null) {
      this.settings.log(`${this.plan.queue}: the broker cancelled the consumer; subscribing again`);
      void this.drop(channel);
      this.resubscribeSoon();
      return;
    }
    this.arrived.push({ message, channel });
    this.pump();
  }

  private pump(): void {
    if (this.isWorking || this.arrived.length < (this.resting ? this.settings.batchSize : 1)) return;
    this.isWorking = true;
    // One turn of the event loop, so that all that came in with the same read joins the batch.
    setImmediate(() => {
      this.follow(
        this.work().finally(() => {
          this.isWorking = false;
          this.rest();
          this.pump();
        }),
      );
    });
  }

  private rest(): void {
    const { restMs } = this.settings;
    if (restMs === 0 || this.isStopping) return;
    clearTimeout(this.resting);
    this.resting = setTimeout(() => {
      this.resting = undefined;
      this.pump();
    }, restMs).unref();
  }

  private async work(): Promise<void> {
    const batch = this.arrived.splice(0, this.settings.batchSize);
    if (batch.length === 0) return;
    const taken = await this.takeInPlace(batch);
    if (taken) this.follow(this.ackInTurn(batch, taken.sent));
  }

  /**
   * Tries until the batch is taken. `take` rejects only when its bookkeeping fails, which no message is to blame for.
   * Undefined at a stop or when the channel is gone: the messages come again.
   */
  private async takeInPlace(batch: readonly Arrived[]): Promise<{ sent: Promise<void> } | undefined> {
    const isOurs = () => batch[0]?.channel === this.channel && !this.isStopping;
    for (let waitMs = FIRST_RETAKE_MS; ; waitMs = Math.min(waitMs * 2, LONGEST_RETAKE_MS)) {
      try {
        return await this.take(batch.map(({ message }) => incomingOf(message)));
      } catch (error) {
        if (!isOurs()) return undefined;
        this.complain(error, `; next try in ${waitMs} ms`);
      }
      await pause(waitMs, this.stop.signal);
      if (!isOurs()) return undefined;
    }
  }

  private follow(work: Promise<void>): void {
    const followed = work.catch((error: unknown) => this.complain(error)).finally(() => this.underWay.delete(followed));
    this.underWay.add(followed);
  }

  /**
   * One ack for the whole batch, which the broker reads as "everything up to here": so a batch waits for those before it,
   * or it would ack what is not sent. Only on the channel that delivered: a tag means nothing on another.
   */
  private ackInTurn(batch: readonly Arrived[], sent: Promise<void>): Promise<void> {
    const { message, channel } = batch.at(-1)!;
    const inTurn = Promise.all([this.acked, sent]).then(async () => {
      if (FAILPOINTS) await reach('before-ack', this.plan.queue);
      if (channel === this.channel) channel.ack(message, true);
    });
    this.acked = inTurn;
    return inTurn;
  }

  /** Lets go of a channel; the broker takes back what was not acked on it. */
  private async drop(channel: Channel): Promise<void> {
    this.forget(channel);
    await closed(channel);
  }

  private forget(channel: Channel): void {
    if (this.channel !== channel) return;
    this.channel = undefined;
    this.consumerTag = undefined;
    this.arrived = [];
  }

  private lose(channel: Channel): void {
    if (this.channel !== channel) return;
    this.forget(channel);
    this.resubscribeSoon();
  }

  private resubscribeSoon(): void {
    if (this.isStopping || this.resubscribing) return;
    this.resubscribing = setTimeout(() => {
      this.resubscribing = undefined;
      void this.resubscribe();
    }, this.resubscribeMs).unref();
    this.resubscribeMs = Math.min(this.resubscribeMs * 2, LONGEST_RESUBSCRIBE_MS);
  }

  private async resubscribe(): Promise<void> {
    if (!this.connection || this.channel || this.isStopping) return;
    if (this.attempt) return this.resubscribeSoon();
    await this.subscribeOrRetry(this.connection);
  }

  private async subscribeOrRetry(connection: ChannelModel): Promise<void> {
    try {
      await this.subscribe(connection);
    } catch (error) {
      this.complain(error);
      this.resubscribeSoon();
    }
  }

  private complain(error: unknown, next = ''): void {
    this.settings.log(`${this.plan.queue}: ${reasonOf(error)}${next}`);
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
