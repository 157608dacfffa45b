import type { ChannelModel, ConfirmChannel, Message } from 'amqplib';
import { contractOf } from '@retaguarda/contracts';
import type { Sealed } from '../envelope/envelope.js';
import { exchangeOf, STRUCTURED_MODE } from '../envelope/envelope.js';

/** What a publish left unsent, and why. */
export interface Unsent {
  readonly events: readonly Sealed[];
  readonly why: string;
}

interface Waiting {
  readonly event: Sealed;
  readonly settle: (failure: string | undefined) => void;
}

const PUBLISH_TIMEOUT_MS = 10_000;
const REOPEN_MS = 500;

/**
 * Publishes on a connection of its own, with confirms. An event counts as sent after the broker's confirm and without
 * a return: an unroutable event is confirmed as well, its `basic.return` comes before the ack.
 * https://www.rabbitmq.com/docs/confirms#when-publishes-are-confirmed
 */
export class Publisher {
  private connection: ChannelModel | undefined;
  private channel: ConfirmChannel | undefined;
  private readonly waiting = new Map<string, Waiting>();
  private readonly returned = new Set<string>();

  /** Call on each new connection. */
  async useConnection(connection: ChannelModel): Promise<void> {
    connection.once('close', () => (this.connection = undefined));
    this.connection = connection;
    await this.openChannel(connection);
  }

  private async openChannel(connection: ChannelModel): Promise<void> {
    const channel = await connection.createConfirmChannel();
    channel.on('return', ({ properties }: Message) => this.returned.add(String(properties.messageId)));
    channel.on('error', () => undefined);
    channel.on('close', () => this.lose(channel));
    this.channel = channel;
  }

  get isReady(): boolean {
    return this.channel !== undefined;
  }

  /** Sends all events and waits for the broker's word on each. Never throws: what is left is for the sweeper. */
  async publishAll(events: readonly Sealed[]): Promise<Unsent> {
    const results = await Promise.all(events.map(async (event) => ({ event, failure: await this.publish(event) })));
    const failed = results.filter(({ failure }) => failure !== undefined);
    return { events: failed.map(({ event }) => event), why: failed[0]?.failure ?? '' };
  }

  private publish(event: Sealed): Promise<string | undefined> {
    const { channel } = this;
    if (!channel) return Promise.resolve('the broker is not connected');
    return new Promise((resolve) => {
      const timer = setTimeout(() => settle('the broker did not confirm in time'), PUBLISH_TIMEOUT_MS);
      const settle = (failure: string | undefined) => {
        clearTimeout(timer);
        this.waiting.delete(event.id);
        resolve(failure);
      };
      this.waiting.set(event.id, { event, settle });
      try {
        this.send(channel, event, settle);
      } catch (error) {
        settle(error instanceof Error ? error.message : String(error));
      }
    });
  }

  private send(channel: ConfirmChannel, event: Sealed, settle: Waiting['settle']): void {
    const mandatory = contractOf(event.type)?.about.audience !== 'anyone';
    const options = { contentType: STRUCTURED_MODE, messageId: event.id, persistent: true, mandatory };
    channel.publish(exchangeOf(event.type), event.type, Buffer.from(event.body), options, (error: unknown) => {
      const wasReturned = this.returned.delete(event.id);
      if (error) settle('the broker refused it');
      else settle(wasReturned ? 'no queue is bound to its routing key' : undefined);
    });
  }

  private lose(channel: ConfirmChannel): void {
    if (this.channel === channel) this.channel = undefined;
    for (const { settle } of [...this.waiting.values()]) settle('the connection to the broker was lost');
    this.returned.clear();
    setTimeout(() => this.reopen(), REOPEN_MS).unref();
  }

  /** The broker closes a channel for one bad publish (no exchange, no permission); the connection lives on. */
  private reopen(): void {
    if (this.connection && !this.channel) this.openChannel(this.connection).catch(() => undefined);
  }
}
