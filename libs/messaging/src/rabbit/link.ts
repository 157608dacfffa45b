import type { Channel, ChannelModel } from 'amqplib';
import { connect } from 'amqplib';
import type { Socket } from 'node:net';
import { hangUp, pause } from './closing.js';
import { readPastBrokenHeaders, type FrameReader } from './unreadable-headers.js';
import { writeOncePerTurn } from './write-once-per-turn.js';

const FIRST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 5_000;
const CONNECT_TIMEOUT_MS = 5_000;
const HEARTBEAT_SECONDS = 10;
/** A batch and its entry fit. amqplib stops where a socket calls itself full, by itself at 16 kB, until the next turn. */
const SOCKET_FULL_BYTES = 1_000_000;

export type LinkLog = (message: string) => void;

/** How a connection is made; by amqplib unless a simulation brings a broker of its own. */
export type Connect = (url: string, options: object) => Promise<ChannelModel>;

/**
 * One connection to the broker that comes back by itself: reconnects with backoff and jitter until it is closed, and
 * calls `whenUp` after each connect.
 */
export class Link {
  /** The connection once everything on it is set up. */
  private connection: ChannelModel | undefined;
  /** The same from its first moment, for a close that comes in between. */
  private arriving: ChannelModel | undefined;
  private readonly stop = new AbortController();
  private readonly whenUp: ((connection: ChannelModel) => Promise<void>)[] = [];
  private running: Promise<void> | undefined;
  private waitMs = FIRST_WAIT_MS;

  constructor(
    private readonly url: string,
    private readonly name: string,
    private readonly log: LinkLog,
    private readonly connectTo: Connect = connectByAmqp,
  ) {}

  get isUp(): boolean {
    return this.connection !== undefined;
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
    if (this.arriving) await hangUp(this.arriving);
    await this.running;
  }

  private get isClosing(): boolean {
    return this.stop.signal.aborted;
  }

  private async run(connected: () => void): Promise<void> {
    while (!this.isClosing) {
      try {
        await this.live(connected);
        if (!this.isClosing) this.log(`${this.name}: the connection to the broker was lost`);
      } catch (error) {
        const what = error instanceof Error ? error.message || error.name : String(error);
        if (!this.isClosing) this.log(`${this.name}: ${what}; next try in ${this.waitMs} ms`);
      }
      await pause(this.waitMs * (0.5 + Math.random()), this.stop.signal);
      this.waitMs = Math.min(this.waitMs * 2, LONGEST_WAIT_MS);
    }
    connected();
  }

  /** One connection from its first moment to its end. */
  private async live(connected: () => void): Promise<void> {
    const connection = await this.connect();
    const ended = new Promise<void>((resolve) => connection.once('close', () => resolve()));
    this.arriving = connection;
    this.listenTo(connection);
    try {
      // Whoever asks something of a connection that ends in this moment may never be answered.
      for (const callback of this.whenUp)
        if (!this.isClosing && this.arriving) await Promise.race([callback(connection), ended]);
      if (this.isClosing) return;
      if (!this.arriving) throw new Error('the connection to the broker was lost while it was set up');
      this.connection = connection;
      this.waitMs = FIRST_WAIT_MS;
      connected();
      await ended;
    } finally {
      this.connection = undefined;
      await hangUp(connection);
      this.arriving = undefined;
    }
  }

  private listenTo(connection: ChannelModel): void {
    // Each queue of a department listens for the end; sales has more than the ten that Node takes for a leak.
    connection.setMaxListeners(0);
    connection.once('close', () => (this.arriving = undefined));
    connection.on('error', (error: Error) => this.log(`${this.name}: ${error.message}`));
    connection.on('blocked', (reason: string) => this.log(`${this.name}: the broker takes nothing now: ${reason}`));
    connection.on('unblocked', () => this.log(`${this.name}: the broker takes messages again`));
  }

  private connect(): Promise<ChannelModel> {
    const url = new URL(this.url);
    url.searchParams.set('heartbeat', String(HEARTBEAT_SECONDS));
    return this.connectTo(url.toString(), {
      timeout: CONNECT_TIMEOUT_MS,
      noDelay: true,
      // For writing and reading: TLS passes on nothing finer.
      highWaterMark: SOCKET_FULL_BYTES,
      clientProperties: { connection_name: this.name },
    });
  }
}

async function connectByAmqp(url: string, options: object): Promise<ChannelModel> {
  const connection = await connect(url, options);
  const inner = connection.connection as unknown as FrameReader & { stream: Socket };
  writeOncePerTurn(inner.stream);
  readPastBrokenHeaders(inner);
  return connection;
}
