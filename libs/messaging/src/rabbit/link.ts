import type { Channel, ChannelModel } from 'amqplib';
import { connect } from 'amqplib';
import { setTimeout as wait } from 'node:timers/promises';

const FIRST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 5_000;
const CONNECT_TIMEOUT_MS = 5_000;
const HEARTBEAT_SECONDS = 10;

export type LinkLog = (message: string) => void;

/**
 * One connection to the broker that comes back by itself: reconnects with backoff and jitter until it is closed, and
 * calls `whenUp` after each connect.
 */
export class Link {
  private connection: ChannelModel | undefined;
  private readonly stop = new AbortController();
  private readonly whenUp: ((connection: ChannelModel) => Promise<void>)[] = [];
  private running: Promise<void> | undefined;
  private blocked: string | undefined;

  constructor(
    private readonly url: string,
    private readonly name: string,
    private readonly log: LinkLog,
  ) {}

  get isUp(): boolean {
    return this.connection !== undefined;
  }

  /** Why the broker takes nothing at the moment (memory or disk alarm), if it says so. */
  get blockedBecause(): string | undefined {
    return this.blocked;
  }

  /** A channel for a question or two; undefined while the broker is away. Close it. */
  async channel(): Promise<Channel | undefined> {
    try {
      const channel = await this.connection?.createChannel();
      channel?.on('error', () => undefined);
      return channel;
    } catch {
      return undefined;
    }
  }

  onUp(callback: (connection: ChannelModel) => Promise<void>): void {
    this.whenUp.push(callback);
  }

  /** Starts to connect; resolves after the first success, or when closed. */
  open(): Promise<void> {
    return new Promise((resolve) => {
      this.running = this.run(resolve);
    });
  }

  async close(): Promise<void> {
    this.stop.abort();
    await this.connection?.close().catch(() => undefined);
    await this.running;
  }

  private async run(connected: () => void): Promise<void> {
    let waitMs = FIRST_WAIT_MS;
    while (!this.stop.signal.aborted) {
      try {
        const connection = await this.connect();
        const ended = new Promise<void>((resolve) => connection.once('close', () => resolve()));
        await this.arrive(connection);
        waitMs = FIRST_WAIT_MS;
        connected();
        await ended;
        this.connection = undefined;
        if (!this.stop.signal.aborted) this.log(`${this.name}: the connection to the broker was lost`);
      } catch (error) {
        this.log(
          `${this.name}: ${error instanceof Error ? error.message || error.name : String(error)}; next try in ${waitMs} ms`,
        );
      }
      const pauseMs = waitMs * (0.5 + Math.random());
      await wait(pauseMs, undefined, { signal: this.stop.signal }).catch(() => undefined);
      waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS);
    }
    connected();
  }

  private connect(): Promise<ChannelModel> {
    const url = new URL(this.url);
    url.searchParams.set('heartbeat', String(HEARTBEAT_SECONDS));
    return connect(url.toString(), {
      timeout: CONNECT_TIMEOUT_MS,
      noDelay: true,
      clientProperties: { connection_name: this.name },
    });
  }

  private async arrive(connection: ChannelModel): Promise<void> {
    connection.on('error', (error: Error) => this.log(`${this.name}: ${error.message}`));
    connection.on('blocked', (reason: string) => (this.blocked = reason));
    connection.on('unblocked', () => (this.blocked = undefined));
    this.blocked = undefined;
    try {
      for (const callback of this.whenUp) await callback(connection);
    } catch (error) {
      await connection.close().catch(() => undefined);
      throw error;
    }
    this.connection = connection;
  }
}
