import type { Connect } from '@retaguarda/messaging';
import { EventEmitter } from 'node:events';
import type { Life } from './life.js';
import type { Kept, Queue, SimulatedBroker } from './simulated-broker.js';

type Connected = Awaited<ReturnType<Connect>>;

interface Options {
  readonly contentType?: string;
  readonly messageId?: string;
  readonly headers?: Record<string, unknown>;
  readonly mandatory?: boolean;
}

interface Delivered {
  readonly fields: { readonly deliveryTag: number };
}

/** A channel as far as the transport uses one. */
export class SimulatedChannel extends EventEmitter {
  readonly unacked = new Map<number, { readonly queue: Queue; readonly message: Kept }>();
  private readonly consumed = new Map<string, Queue>();
  private tags = 0;
  isOpen = true;

  constructor(
    readonly connection: SimulatedConnection,
    private readonly broker: SimulatedBroker,
  ) {
    super();
  }

  get life(): Life {
    return this.connection.life;
  }

  readonly assertExchange = () => this.answer({});
  readonly checkExchange = () => this.answer({});
  readonly assertQueue = (queue: string) => this.answer({ queue: this.broker.queue(queue).name });
  readonly prefetch = () => this.answer({});

  checkQueue(queue: string) {
    return this.answer({ queue, messageCount: this.broker.queue(queue).ready.length, consumerCount: 1 });
  }

  bindQueue(queue: string, exchange: string, routingKey: string) {
    this.broker.bind(queue, exchange, routingKey);
    return this.answer({});
  }

  consume(name: string, deliver: (message: unknown) => void, { consumerTag }: { consumerTag: string }) {
    const queue = this.broker.queue(name);
    this.consumed.set(consumerTag, queue);
    queue.consumer = { channel: this, deliver };
    return this.answer({ consumerTag });
  }

  cancel(consumerTag: string) {
    this.release(this.consumed.get(consumerTag));
    this.consumed.delete(consumerTag);
    return this.answer({});
  }

  /** What the consumer gets to see of a message. */
  handOut(queue: Queue, message: Kept, isToBeAcked: boolean): unknown {
    this.tags += 1;
    if (isToBeAcked) this.unacked.set(this.tags, { queue, message });
    const { exchange, routingKey, redelivered, contentType, messageId, headers, body } = message;
    return {
      fields: { exchange, routingKey, redelivered, deliveryTag: this.tags, consumerTag: '' },
      properties: { contentType, messageId, headers },
      content: body,
    };
  }

  ack({ fields: { deliveryTag } }: Delivered, isUpTo = false): void {
    this.refuseWhenClosed();
    if (!this.life.passes('at an ack')) return;
    for (const tag of [...this.unacked.keys()])
      if (tag === deliveryTag || (isUpTo && tag < deliveryTag)) this.unacked.delete(tag);
  }

  /** As amqplib: exchange, routing key, body, options, callback of the confirm. */
  publish(...said: [string, string, Buffer, Options, (error: unknown) => void]): boolean {
    const [exchange, routingKey, body, options, confirm] = said;
    this.refuseWhenClosed();
    if (!this.life.passes('at a publish')) return false;
    const { contentType, messageId, headers = {}, mandatory = false } = options;
    const message = this.broker.keep({ exchange, routingKey, contentType, messageId, headers, body });
    this.broker.publishes.push({ channel: this, message, isMandatory: mandatory, confirm, isTaken: false });
    return true;
  }

  /** Nobody is bound to it: the return comes before the confirm. */
  giveBack({ messageId, routingKey }: Kept): void {
    this.life.live(() => this.emit('return', { fields: { routingKey }, properties: { messageId } }));
  }

  close(): Promise<void> {
    if (!this.isOpen) return Promise.reject(new Error('Channel closed'));
    this.end();
    return Promise.resolve();
  }

  /** What was delivered on it and not acked goes back, also of a consumer that was cancelled before. */
  end(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    for (const queue of this.consumed.values()) this.release(queue);
    const held = [...this.unacked.values()];
    for (const queue of new Set(held.map((each) => each.queue))) {
      const back = held.filter((each) => each.queue === queue).map(({ message }) => message);
      this.broker.putBack(queue, back);
    }
    this.unacked.clear();
    if (!this.life.isOver) this.life.live(() => this.emit('close'));
  }

  private release(queue: Queue | undefined): void {
    if (queue?.consumer?.channel === this) queue.consumer = undefined;
  }

  private refuseWhenClosed(): void {
    if (!this.isOpen) throw new Error('Channel closed');
  }

  private answer<T>(answer: T): Promise<T> {
    return this.isOpen ? Promise.resolve(answer) : Promise.reject(new Error('Channel closed'));
  }
}

/** A connection as far as the transport uses one. */
export class SimulatedConnection extends EventEmitter {
  readonly channels: SimulatedChannel[] = [];
  isOpen = true;

  constructor(
    private readonly broker: SimulatedBroker,
    readonly life: Life,
  ) {
    super();
    this.setMaxListeners(0);
  }

  createChannel(): Promise<SimulatedChannel> {
    if (!this.isOpen) return Promise.reject(new Error('Connection closed'));
    const channel = new SimulatedChannel(this, this.broker);
    this.channels.push(channel);
    return Promise.resolve(channel);
  }

  createConfirmChannel(): Promise<SimulatedChannel> {
    return this.createChannel();
  }

  close(): Promise<void> {
    this.end();
    return Promise.resolve();
  }

  /** As amqplib: first its channels close, then the connection. */
  end(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    for (const channel of this.channels) channel.end();
    if (!this.life.isOver) this.life.live(() => this.emit('close'));
  }

  get asModel(): Connected {
    return this as unknown as Connected;
  }
}
