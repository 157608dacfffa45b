import { setTimeout as pause } from 'node:timers/promises';
import { connect, IllegalOperationError } from 'amqplib';
import type { ChannelModel, ConfirmChannel } from 'amqplib';
import { reasonOf, withHeartbeat, withoutPassword } from './broker-address.js';
import { pacedBy } from './pace.js';
import type { StorefrontEvent } from './storefront-event.js';

export interface Progress {
  /** Confirmed by the broker: it is safe there. */
  confirmed: number;
  unconfirmed: number;
  reconnects: number;
}

export interface Pace {
  /** As fast as the confirms allow if left out. */
  ratePerSecond?: number;
  onProgress?: (progress: Progress) => void;
}

export interface StorefrontSettings {
  maxUnconfirmed?: number;
  /** Wait between two attempts to connect again: doubled from the first to the second number. */
  reconnectDelayMs?: readonly [number, number];
  /** How long to try before giving up. */
  patienceMs?: number;
  /** For tests: another way to reach a broker. */
  connectTo?: (url: string) => Promise<ChannelModel>;
}

/** The broker cannot be reached, or does not have the exchange; the message says which, and never the password. */
export class BrokerUnreachable extends Error {}
/** The broker took the message, but no queue is bound to its type: nobody would ever receive it. */
export class NobodyListens extends Error {}

const exchange = 'storefront';
const defaults = {
  maxUnconfirmed: 500,
  reconnectDelayMs: [200, 5_000] as const,
  patienceMs: 120_000,
  connectTo: (url: string) =>
    connect(withHeartbeat(url), { timeout: 10_000, clientProperties: { connection_name: 'storefront' } }),
};

/**
 * A storefront as an outside shop would write it: plain amqplib, no code of the back office. Every message is
 * persistent, mandatory and confirmed. When the connection is lost it connects again and publishes the unconfirmed
 * messages again with their ids: the back office may see a message twice and must take it once. Not promised: that
 * messages arrive in order.
 */
export class Storefront {
  private readonly settings: Required<StorefrontSettings>;
  private readonly unconfirmed = new Map<string, StorefrontEvent>();
  private connection?: ChannelModel;
  private channel?: ConfirmChannel;
  private confirmed = 0;
  private reconnects = 0;
  private isClosing = false;
  private failure?: Error;
  private wake: () => void = () => undefined;
  private onProgress: (progress: Progress) => void = () => undefined;

  private constructor(
    private readonly url: string,
    settings: StorefrontSettings,
  ) {
    this.settings = { ...defaults, ...settings };
  }

  /** Throws {@link BrokerUnreachable} at once: patience is for connections that have worked. */
  static async open(url: string, settings: StorefrontSettings = {}): Promise<Storefront> {
    const storefront = new Storefront(url, settings);
    await storefront.attach();
    return storefront;
  }

  /**
   * Resolves when the broker has confirmed every message; throws {@link NobodyListens} or {@link BrokerUnreachable}.
   */
  async submit(events: Iterable<StorefrontEvent>, { ratePerSecond, onProgress }: Pace = {}): Promise<Progress> {
    if (onProgress) this.onProgress = onProgress;
    const turn = pacedBy(ratePerSecond);
    for (const event of events) {
      await turn();
      await this.until(() => this.unconfirmed.size < this.settings.maxUnconfirmed);
      this.unconfirmed.set(event.id, event);
      this.send(event);
    }
    await this.until(() => this.unconfirmed.size === 0);
    return this.progress();
  }

  async close(): Promise<void> {
    this.isClosing = true;
    await this.connection?.close().catch(() => undefined);
  }

  private progress(): Progress {
    return { confirmed: this.confirmed, unconfirmed: this.unconfirmed.size, reconnects: this.reconnects };
  }

  private async until(isSo: () => boolean): Promise<void> {
    while (!this.failure && !isSo()) await new Promise<void>((resolve) => (this.wake = resolve));
    if (this.failure) throw this.failure;
  }

  private fail(error: Error): void {
    this.failure ??= error;
    this.wake();
  }

  private send(event: StorefrontEvent): void {
    const { channel } = this;
    const body = Buffer.from(JSON.stringify(event));
    const contentType = 'application/cloudevents+json';
    const options = { contentType, persistent: true, mandatory: true, messageId: event.id };
    try {
      channel?.publish(exchange, event.type, body, options, (refused) => this.settle(channel, event, refused !== null));
    } catch (error) {
      // Closed an instant ago: the event stays unconfirmed and is sent when we are attached again.
      if (!(error instanceof IllegalOperationError)) throw error;
    }
  }

  private settle(channel: ConfirmChannel, event: StorefrontEvent, isRefused: boolean): void {
    if (isRefused) {
      // A lost channel refuses everything too; then `attach` has sent it again, or will.
      void pause(this.settings.reconnectDelayMs[0]).then(() => this.channel === channel && this.send(event));
    } else if (!this.failure && this.unconfirmed.delete(event.id)) {
      this.confirmed += 1;
      this.onProgress(this.progress());
      this.wake();
    }
  }

  private async attach(): Promise<void> {
    const where = `The broker ${withoutPassword(this.url)}`;
    const connection = await this.settings.connectTo(this.url).catch((error: Error) => {
      throw new BrokerUnreachable(`${where} cannot be reached: ${reasonOf(error)}`);
    });
    // amqplib throws an 'error' event that nobody listens to; 'close' always follows it.
    connection.on('error', () => undefined);
    const channel = await openChannel(connection).catch(async (error: Error) => {
      await connection.close().catch(() => undefined);
      throw new BrokerUnreachable(`${where} has no exchange "${exchange}" for us: ${reasonOf(error)}`);
    });
    channel.on('return', ({ fields }) =>
      this.fail(new NobodyListens(nobodyListens(fields.routingKey, this.confirmed))),
    );
    channel.on('close', () => void connection.close().catch(() => undefined));
    connection.on('close', () => void this.reattach(connection));
    [this.connection, this.channel] = [connection, channel];
    for (const event of this.unconfirmed.values()) this.send(event);
  }

  private async reattach(lost: ChannelModel): Promise<void> {
    if (this.isClosing || this.connection !== lost) return;
    this.connection = this.channel = undefined;
    const [first, longest] = this.settings.reconnectDelayMs;
    const giveUpAt = Date.now() + this.settings.patienceMs;
    for (let delayMs = first; !this.isClosing; delayMs = Math.min(2 * delayMs, longest)) {
      await pause(delayMs);
      const problem = await this.attach().then(
        () => undefined,
        (error: Error) => error,
      );
      if (!problem) {
        this.reconnects += 1;
        return this.onProgress(this.progress());
      }
      if (Date.now() >= giveUpAt) return this.fail(problem);
    }
  }
}

async function openChannel(connection: ChannelModel): Promise<ConfirmChannel> {
  const channel = await connection.createConfirmChannel();
  channel.on('error', () => undefined);
  await channel.checkExchange(exchange);
  return channel;
}

function nobodyListens(type: string, confirmed: number): string {
  return (
    `No queue receives ${type}: is the back office running on this broker (npm start)? ` +
    `${confirmed} messages before it were accepted.`
  );
}
