import type { ChannelModel, ConfirmChannel, ConsumeMessage } from 'amqplib';
import { connect } from 'amqplib';
import { randomUUID } from 'node:crypto';
import type { Writable } from 'node:stream';

/** A received CloudEvent as an outside program sees it. */
export interface Heard {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly subject?: string;
  readonly correlationid?: string;
  readonly causationid?: string;
  readonly data: Record<string, unknown>;
}

/** Anything that a publish may want to get wrong on purpose. */
export interface Publishing {
  readonly exchange?: string;
  readonly routingKey: string;
  readonly body: Buffer | string;
  readonly contentType?: string;
  readonly messageId?: string;
  readonly headers?: Record<string, unknown>;
}

/** A program that is not ours: plain amqplib on the pinned exchanges. Waits for events, never for time to pass. */
export class Outsider {
  readonly heard: Heard[] = [];
  private readonly waiting = new Set<() => void>();

  private constructor(
    private readonly connection: ChannelModel,
    readonly channel: ConfirmChannel,
  ) {}

  static async connect(url: string): Promise<Outsider> {
    const connection = await connect(url);
    connection.on('error', () => undefined);
    const channel = await connection.createConfirmChannel();
    channel.on('error', () => undefined);
    await channel.assertExchange('storefront', 'topic', { durable: true });
    await channel.assertExchange('retaguarda', 'topic', { durable: true });
    return new Outsider(connection, channel);
  }

  /** Hears everything that departments publish under these routing keys, from now on. */
  async listen(...routingKeys: string[]): Promise<void> {
    const { queue } = await this.channel.assertQueue('', { exclusive: true });
    for (const key of routingKeys) await this.channel.bindQueue(queue, 'retaguarda', key);
    await this.channel.consume(queue, (message) => this.hear(message), { noAck: true });
  }

  /** Publishes one event in structured mode and waits for the confirm. */
  async publish(type: string, data: unknown, id: string = randomUUID()): Promise<void> {
    const envelope = {
      specversion: '1.0',
      id,
      source: '/outside',
      type,
      time: '2026-03-02T12:00:00Z',
      datacontenttype: 'application/json',
      data,
    };
    await this.publishRaw({ routingKey: type, body: JSON.stringify(envelope), messageId: id });
  }

  async publishRaw({ exchange, routingKey, body, ...options }: Publishing): Promise<void> {
    const target = exchange ?? (routingKey.startsWith('storefront.') ? 'storefront' : 'retaguarda');
    const properties = { persistent: true, contentType: 'application/cloudevents+json', ...options };
    this.channel.publish(target, routingKey, Buffer.from(body as string), properties);
    await this.channel.waitForConfirms();
  }

  /** Publishes what amqplib itself would not write: `from` becomes `to`, as long as it is, in the bytes that leave. */
  async publishForged(message: Publishing, from: string, to: string): Promise<void> {
    const { stream } = this.connection.connection as unknown as { stream: Writable };
    const write = stream.write.bind(stream) as (bytes: Buffer) => boolean;
    stream.write = (bytes: Buffer) => {
      const at = bytes.indexOf(from);
      if (at >= 0) bytes.write(to, at);
      return write(bytes);
    };
    try {
      await this.publishRaw(message);
    } finally {
      stream.write = write as typeof stream.write;
    }
  }

  /** Resolves with `count` different events that pass, heard before or yet to come; a repeat, which may come, is none. */
  async hearing(count: number, passes: (event: Heard) => boolean = () => true): Promise<Heard[]> {
    for (;;) {
      const matching = new Map(this.heard.filter(passes).map((event) => [event.id, event]));
      if (matching.size >= count) return [...matching.values()];
      await new Promise<void>((resolve) => this.waiting.add(resolve));
    }
  }

  async close(): Promise<void> {
    await this.connection.close().catch(() => undefined);
  }

  private hear(message: ConsumeMessage | null): void {
    const event = message && eventIn(message);
    if (!event) return;
    this.heard.push(event);
    for (const resolve of this.waiting) resolve();
    this.waiting.clear();
  }
}

/** What is no event is none of the listener's business. */
function eventIn({ content }: ConsumeMessage): Heard | undefined {
  try {
    return JSON.parse(content.toString()) as Heard;
  } catch {
    return undefined;
  }
}

/**
 * Asks again until the answer passes; for what can only be seen by looking (a row, a queue). Fails with the last answer.
 * @param withinMs how long it may take at most
 */
export async function eventually<T>(
  ask: () => Promise<T>,
  passes: (answer: T) => boolean,
  withinMs = 30_000,
): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (passes(answer)) return answer;
    if (Date.now() > deadline) throw new Error(`Not within ${withinMs} ms; last seen: ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
