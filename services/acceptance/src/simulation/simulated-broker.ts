import { JOURNAL_EXCHANGE } from '@retaguarda/messaging';
import type { Dice } from './dice.js';
import type { Life } from './life.js';
import { SimulatedConnection, type SimulatedChannel } from './simulated-connection.js';

/** A message as the broker keeps it. */
export interface Kept {
  /** The broker's own count of messages. */
  readonly count: number;
  readonly name: string;
  readonly exchange: string;
  readonly routingKey: string;
  readonly contentType: string | undefined;
  readonly messageId: string | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Buffer;
  readonly redelivered: boolean;
}

export type Sent = Omit<Kept, 'count' | 'name' | 'redelivered'>;

/** A publish whose confirm has not been given. */
export interface Publish {
  readonly channel: SimulatedChannel;
  readonly message: Kept;
  readonly isMandatory: boolean;
  readonly confirm: (error: unknown) => void;
  isTaken: boolean;
}

export interface Queue {
  readonly name: string;
  ready: Kept[];
  consumer: { readonly channel: SimulatedChannel; readonly deliver: (message: unknown) => void } | undefined;
}

/**
 * A broker in memory, as the promises need one: queues bound by exchange and routing key, confirms, returns and
 * redelivery. It does nothing by itself: the schedule says what is taken, confirmed and delivered, and in which order.
 */
export class SimulatedBroker {
  readonly queues = new Map<string, Queue>();
  publishes: Publish[] = [];
  /** Each message that ever went into a queue, for those that come again much later. */
  readonly past: { readonly queue: Queue; readonly message: Kept }[] = [];
  /** The ids of the departments' events that it took. */
  readonly taken = new Map<string, string>();
  /** A fault that is planted by tests: messages count as acked when they are handed out. */
  forgetsWhatItHandsOut = false;
  private readonly bindings = new Map<string, Set<string>>();
  private readonly connections = new Map<Life, SimulatedConnection[]>();
  private count = 0;

  constructor(private readonly nameOf: (message: Sent) => string) {}

  connect(life: Life): SimulatedConnection {
    const connection = new SimulatedConnection(this, life);
    this.connections.set(life, [...this.connectionsOf(life), connection]);
    return connection;
  }

  connectionsOf(life: Life): readonly SimulatedConnection[] {
    return this.connections.get(life) ?? [];
  }

  /** Whether a process has both of its connections: it consumes on one, and publishes on the other. */
  isConnected(life: Life): boolean {
    return this.connectionsOf(life).filter(({ isOpen }) => isOpen).length === 2;
  }

  queue(name: string): Queue {
    const queue = this.queues.get(name) ?? { name, ready: [], consumer: undefined };
    this.queues.set(name, queue);
    return queue;
  }

  bind(queue: string, exchange: string, routingKey: string): void {
    const key = `${exchange} ${routingKey}`;
    this.queue(queue);
    this.bindings.set(key, (this.bindings.get(key) ?? new Set()).add(queue));
  }

  keep(message: Sent): Kept {
    this.count += 1;
    return { ...message, count: this.count, name: this.nameOf(message), redelivered: false };
  }

  /** Puts a message into every queue that is bound to it; false when there is none. */
  route(message: Kept): boolean {
    const bound = this.bindings.get(`${message.exchange} ${message.routingKey}`) ?? [];
    for (const name of bound) {
      const queue = this.queue(name);
      queue.ready.push(message);
      this.past.push({ queue, message });
    }
    return this.bindings.has(`${message.exchange} ${message.routingKey}`);
  }

  /** The broker has the message, but has not said so. */
  take(publish: Publish): void {
    publish.isTaken = true;
    // A stream takes whatever there is; no event waits in it.
    if (publish.message.exchange === JOURNAL_EXCHANGE) return;
    this.taken.set(publish.message.messageId ?? '', publish.message.name);
    if (!this.route(publish.message) && publish.isMandatory) publish.channel.giveBack(publish.message);
  }

  confirm(publish: Publish): void {
    if (!publish.isTaken) this.take(publish);
    this.publishes = this.publishes.filter((other) => other !== publish);
    publish.channel.life.live(() => publish.confirm(null));
  }

  /** Hands messages out in this order, at once, as they come in with one read. A copy stays where it was. */
  deliver(queue: Queue, messages: readonly Kept[], copied: ReadonlySet<Kept> = new Set()): void {
    const gone = new Set(messages.filter((message) => !copied.has(message)));
    queue.ready = queue.ready.filter((message) => !gone.has(message));
    const { channel, deliver } = queue.consumer!;
    channel.life.live(() => {
      for (const message of messages) deliver(channel.handOut(queue, message, !this.forgetsWhatItHandsOut));
    });
  }

  /** What was not acked goes back to where it came from, marked as redelivered. */
  putBack(queue: Queue, messages: readonly Kept[]): void {
    queue.ready.unshift(...messages.map((message) => ({ ...message, redelivered: true })));
  }

  /** The end of a process: its sockets close, and what was on its way may or may not have arrived. */
  lose(life: Life, dice: Dice): void {
    for (const connection of this.connectionsOf(life)) this.cut(connection, dice);
    this.connections.delete(life);
  }

  cut(connection: SimulatedConnection, dice: Dice): void {
    const lost = this.publishes.filter(({ channel }) => channel.connection === connection);
    this.publishes = this.publishes.filter((publish) => !lost.includes(publish));
    for (const publish of inOrder(lost, ({ message }) => message))
      if (!publish.isTaken && dice.chance(50)) this.take(publish);
    connection.end();
    const left = this.connectionsOf(connection.life).filter((other) => other !== connection);
    this.connections.set(connection.life, left);
  }

  /** Nothing waits, is on its way, or is at work. */
  get isEmpty(): boolean {
    if (this.publishes.length > 0) return false;
    for (const { ready, consumer } of this.queues.values())
      if (ready.length > 0 || (consumer && consumer.channel.unacked.size > 0)) return false;
    return true;
  }
}

/** By name, as messages that are published together have no order that can be relied on. */
export function inOrder<T>(items: readonly T[], messageOf: (item: T) => Kept): T[] {
  return [...items].sort((a, b) => {
    const [one, other] = [messageOf(a), messageOf(b)];
    return one.name < other.name ? -1 : one.name > other.name ? 1 : one.count - other.count;
  });
}
