import type { ChannelModel } from 'amqplib';
import { IllegalOperationError } from 'amqplib';
import { EventEmitter } from 'node:events';
import { dayOf } from '../../test/orders-of-a-day.js';
import { BrokerUnreachable, NobodyListens, Storefront } from './storefront.js';
import { storefrontEvent } from './storefront-event.js';
import type { StorefrontEvent } from './storefront-event.js';

type Confirm = (refused: Error | null) => void;
type Published = { key: string; id: string; options: object; event: StorefrontEvent; confirm: Confirm };

/** A broker in memory: it confirms at once, unless it is told to hold, refuse, return or break. */
class FakeBroker {
  readonly published: Published[] = [];
  connections = 0;
  isUp = true;
  reaction: (message: Published, nth: number) => 'confirm' | 'hold' | 'refuse' | 'return' | 'break' = () => 'confirm';

  connectTo = (): Promise<ChannelModel> => {
    if (!this.isUp) return Promise.reject(new Error('connect ECONNREFUSED'));
    this.connections += 1;
    const connection = new EventEmitter();
    const channel = new EventEmitter();
    let isOpen = true;
    const close = () => {
      if (isOpen) {
        isOpen = false;
        connection.emit('close');
      }
      return Promise.resolve();
    };
    const publish = (_: string, key: string, content: Buffer, options: { messageId: string }, confirm: Confirm) => {
      if (!isOpen) throw new IllegalOperationError('Channel closed');
      const event = JSON.parse(content.toString()) as StorefrontEvent;
      const message = { key, id: options.messageId, options, event, confirm };
      const reaction = this.reaction(message, this.published.push(message));
      if (reaction === 'hold') return;
      if (reaction === 'return') channel.emit('return', { fields: { routingKey: key } });
      if (reaction === 'break') void close();
      queueMicrotask(() => confirm(reaction === 'refuse' || reaction === 'break' ? new Error(reaction) : null));
    };
    Object.assign(channel, { publish, checkExchange: () => Promise.resolve() });
    return Promise.resolve(
      Object.assign(connection, {
        close,
        createConfirmChannel: () => Promise.resolve(channel),
      }) as unknown as ChannelModel,
    );
  };
}

const events = dayOf(20).orders.map((order) => storefrontEvent({ kind: 'order', order }, new Date(0)));
const ids = events.map(({ id }) => id);
const url = 'amqp://shop:secret@broker/retaguarda';

describe('The storefront', () => {
  let broker: FakeBroker;
  const open = (more = {}) =>
    Storefront.open(url, { connectTo: broker.connectTo, reconnectDelayMs: [1, 1], patienceMs: 20, ...more });
  beforeEach(() => {
    broker = new FakeBroker();
  });

  it('publishes every order persistent, mandatory and under its id', async () => {
    const progress = await (await open()).submit(events);
    expect(progress).toEqual({ confirmed: 20, unconfirmed: 0, reconnects: 0 });
    expect(broker.published.map(({ event }) => event)).toEqual(events);
    const contentType = 'application/cloudevents+json';
    expect(broker.published[0]).toMatchObject({
      key: 'storefront.order-submitted.v1',
      options: { persistent: true, mandatory: true, contentType, messageId: ids[0] },
    });
  });

  it('has never more on the way than it may', async () => {
    let mostOnTheWay = 0;
    const held: Published[] = [];
    const confirmHeld = () => {
      mostOnTheWay = Math.max(mostOnTheWay, held.length);
      for (const { confirm } of held.splice(0)) confirm(null);
    };
    broker.reaction = (message) => {
      // After everything that the storefront sends without waiting.
      if (held.push(message) === 1) setImmediate(confirmHeld);
      return 'hold';
    };
    await (await open({ maxUnconfirmed: 5 })).submit(events);
    expect(mostOnTheWay).toBe(5);
  });

  it('connects again when the connection breaks, and sends what was not confirmed once more', async () => {
    broker.reaction = (_, nth) => (nth < 7 ? 'confirm' : nth === 10 ? 'break' : nth < 10 ? 'hold' : 'confirm');
    const progress = await (await open()).submit(events);
    expect(progress).toEqual({ confirmed: 20, unconfirmed: 0, reconnects: 1 });
    expect(new Set(broker.published.map(({ id }) => id))).toEqual(new Set(ids));
    const sentTwice = ids.filter((id) => broker.published.filter((message) => message.id === id).length > 1);
    expect(sentTwice).toEqual(expect.arrayContaining(ids.slice(6, 10)));
  });

  it('sends a message again that the broker refuses', async () => {
    broker.reaction = (_, nth) => (nth === 1 ? 'refuse' : 'confirm');
    expect(await (await open()).submit(events)).toMatchObject({ confirmed: 20, reconnects: 0 });
    expect(broker.published.filter(({ id }) => id === ids[0])).toHaveLength(2);
  });

  it('stops with a clear error when nobody would receive an order', async () => {
    broker.reaction = (_, nth) => (nth === 4 ? 'return' : 'confirm');
    const storefront = await open({ maxUnconfirmed: 1 });
    const submitting = storefront.submit(events);
    await expect(submitting).rejects.toThrow(NobodyListens);
    await expect(submitting).rejects.toThrow('3 messages before it were accepted');
    expect(broker.published).toHaveLength(4);
  });

  it('says at once when there is no broker, without its password', async () => {
    broker.isUp = false;
    await expect(open()).rejects.toThrow(BrokerUnreachable);
    await expect(open()).rejects.toThrow('amqp://broker/retaguarda cannot be reached: connect ECONNREFUSED');
  });

  it('gives up when the broker stays away for longer than its patience', async () => {
    broker.reaction = () => {
      broker.isUp = false;
      return 'break';
    };
    await expect((await open()).submit(events)).rejects.toThrow(BrokerUnreachable);
  });

  it('does not connect again after it was closed', async () => {
    await (await open()).close();
    expect(broker.connections).toBe(1);
  });

  it('tells how far it is', async () => {
    const seen: number[] = [];
    await (await open()).submit(events, { onProgress: ({ confirmed }) => seen.push(confirmed) });
    expect(seen).toEqual(events.map((_, index) => index + 1));
  });
});
