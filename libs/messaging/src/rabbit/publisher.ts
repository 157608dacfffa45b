import type { ChannelModel } from 'amqplib';
import type { Sealed } from '../envelope/envelope.js';
import { closed } from './closing.js';
import type { Unsent } from './confirmed-channel.js';
import { ConfirmedChannel } from './confirmed-channel.js';

export type { Unsent } from './confirmed-channel.js';

const FIRST_REOPEN_MS = 500;
const LONGEST_REOPEN_MS = 10_000;

/** Publishes on a connection of its own, with confirms, as long as the broker takes anything. */
export class Publisher {
  private connection: ChannelModel | undefined;
  private channel: ConfirmedChannel | undefined;
  /** Why the broker takes nothing at the moment (memory or disk alarm), if it says so. */
  private blockedBecause: string | undefined;
  private reopening: NodeJS.Timeout | undefined;
  private reopenMs = FIRST_REOPEN_MS;

  /** Call on each new connection. */
  async useConnection(connection: ChannelModel): Promise<void> {
    clearTimeout(this.reopening);
    this.reopening = undefined;
    this.connection = connection;
    this.channel = undefined;
    this.blockedBecause = undefined;
    connection.once('close', () => {
      if (this.connection === connection) this.connection = undefined;
    });
    connection.on('blocked', (reason: string) => this.block(connection, reason));
    connection.on('unblocked', () => this.block(connection, undefined));
    await this.openChannel(connection);
  }

  /** False as well while the broker is in alarm: nothing would be confirmed before it is over. */
  get isReady(): boolean {
    return this.channel !== undefined && this.blockedBecause === undefined;
  }

  /** Sends all events and waits for the broker's word on each. Never throws: what is left is for the sweeper. */
  publishAll(events: readonly Sealed[]): Promise<Unsent> {
    if (this.blockedBecause !== undefined)
      return Promise.resolve({ events, why: `the broker takes nothing now: ${this.blockedBecause}` });
    if (!this.channel) return Promise.resolve({ events, why: 'the broker is not connected' });
    return this.channel.publishAll(events);
  }

  private async openChannel(connection: ChannelModel): Promise<void> {
    const channel = await connection.createConfirmChannel();
    const confirmed = new ConfirmedChannel(channel);
    if (this.connection !== connection || this.channel) return void closed(channel);
    this.channel = confirmed;
    this.reopenMs = FIRST_REOPEN_MS;
    channel.once('close', () => this.lose(confirmed));
  }

  private block(connection: ChannelModel, reason: string | undefined): void {
    if (this.connection === connection) this.blockedBecause = reason;
  }

  /** The broker closes a channel for one bad publish (no exchange, no permission); the connection lives on. */
  private lose(channel: ConfirmedChannel): void {
    if (this.channel !== channel) return;
    this.channel = undefined;
    this.reopenSoon();
  }

  private reopenSoon(): void {
    this.reopening ??= setTimeout(() => {
      this.reopening = undefined;
      void this.reopen();
    }, this.reopenMs).unref();
    this.reopenMs = Math.min(this.reopenMs * 2, LONGEST_REOPEN_MS);
  }

  private async reopen(): Promise<void> {
    const { connection } = this;
    if (!connection || this.channel) return;
    try {
      await this.openChannel(connection);
    } catch {
      if (this.connection === connection) this.reopenSoon();
    }
  }
}
