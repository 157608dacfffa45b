import type { ChannelModel, ConfirmChannel, ConsumeMessage } from 'amqplib';
import { EventEmitter } from 'node:events';

/** A channel of amqplib as unit specs need it: it remembers what was said to it. */
export class FakeChannel extends EventEmitter {
  isOpen = true;
  isConsumed = false;
  /** False: the broker does not answer a close. */
  answersClose = true;
  /** The delivery tag of each ack; one for all before it is written `..7`. */
  readonly acked: (number | string)[] = [];
  readonly rejected: number[] = [];
  readonly published: { id: string; confirm: (error: unknown) => void }[] = [];
  deliver: (message: ConsumeMessage | null) => void = () => undefined;

  constructor(private readonly refusesConsume: boolean) {
    super();
  }

  assertQueue = () => Promise.resolve();
  bindQueue = () => Promise.resolve();
  prefetch = () => Promise.resolve();
  cancel = () => Promise.resolve();

  consume(_queue: string, deliver: FakeChannel['deliver']): Promise<void> {
    if (this.refusesConsume) {
      this.end();
      return Promise.reject(new Error('access refused'));
    }
    this.deliver = deliver;
    this.isConsumed = true;
    return Promise.resolve();
  }

  ack({ fields }: ConsumeMessage, upToHere = false): void {
    if (!this.isOpen) throw new Error('Channel closing');
    this.acked.push(upToHere ? `..${fields.deliveryTag}` : fields.deliveryTag);
  }

  reject({ fields }: ConsumeMessage): void {
    this.rejected.push(fields.deliveryTag);
  }

  /** As amqplib: exchange, routing key, body, options, callback of the confirm. */
  publish(...said: [string, string, Buffer, { messageId: string }, () => void]): void {
    this.published.push({ id: said[3].messageId, confirm: said[4] });
  }

  close(): Promise<void> {
    if (!this.isOpen) return Promise.reject(new Error('Channel closed'));
    this.isOpen = false;
    if (!this.answersClose) return new Promise(() => undefined);
    this.emit('close');
    return Promise.resolve();
  }

  /** The broker, or the connection, closes it. */
  end(): void {
    this.isOpen = false;
    this.emit('close');
  }
}

export class FakeConnection extends EventEmitter {
  readonly channels: FakeChannel[] = [];
  refusesConsume = false;
  refusesChannels = false;
  answersClose = true;
  destroyedWith: Error | undefined;
  /** amqplib's own connection with its socket. */
  readonly connection = { stream: { destroy: (error: Error) => void (this.destroyedWith = error) } };
  /** Holds back each new channel until it resolves. */
  opening: Promise<void> = Promise.resolve();

  async createChannel(): Promise<FakeChannel> {
    await this.opening;
    if (this.refusesChannels) throw new Error('no channel');
    const channel = new FakeChannel(this.refusesConsume);
    this.channels.push(channel);
    return channel;
  }

  createConfirmChannel(): Promise<FakeChannel> {
    return this.createChannel();
  }

  get openChannels(): FakeChannel[] {
    return this.channels.filter(({ isOpen }) => isOpen);
  }

  close(): Promise<void> {
    if (!this.answersClose) return new Promise(() => undefined);
    this.end();
    return Promise.resolve();
  }

  /** As amqplib: first its channels close, then the connection. */
  end(): void {
    for (const channel of this.openChannels) channel.end();
    this.emit('close');
  }

  get asModel(): ChannelModel {
    return this as unknown as ChannelModel;
  }
}

export function fakeMessage(deliveryTag: number): ConsumeMessage {
  const fields = { deliveryTag, exchange: 'retaguarda', routingKey: 'x', redelivered: false, consumerTag: '' };
  return { fields, properties: {}, content: Buffer.from('{}') } as unknown as ConsumeMessage;
}

export function asConfirmChannel(channel: FakeChannel): ConfirmChannel {
  return channel as unknown as ConfirmChannel;
}
