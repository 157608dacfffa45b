import { jest } from '@jest/globals';
import type { TakeBatch } from './consumer.js';
import { Consumer } from './consumer.js';
import type { FakeChannel } from '../../test/fake-broker.js';
import { FakeConnection, fakeMessage } from '../../test/fake-broker.js';

const done = { sent: Promise.resolve() };

/** A promise and its key. */
function held<T = void>(): { promise: Promise<T>; open: (value: T) => void } {
  let open!: (value: T) => void;
  const promise = new Promise<T>((resolve) => (open = resolve));
  return { promise, open };
}

describe('a consumer of a queue', () => {
  let connection: FakeConnection;
  let log: string[];
  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask'] });
    connection = new FakeConnection();
    log = [];
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  const passing = (ms: number) => jest.advanceTimersByTimeAsync(ms);
  const consumerOf = (take: TakeBatch, restMs = 0) =>
    new Consumer({ queue: 'stock.reserve-stock', bindings: [] }, take, {
      batchSize: 10,
      restMs,
      log: (line) => void log.push(line),
    });
  const attached = async (take: TakeBatch, restMs = 0) => {
    const consumer = consumerOf(take, restMs);
    await consumer.useConnection(connection.asModel);
    return { consumer, channel: connection.channels[0]! };
  };

  it('acks a batch with one word when its events are sent', async () => {
    const { channel } = await attached(() => Promise.resolve(done));
    channel.deliver(fakeMessage(1));
    channel.deliver(fakeMessage(2));
    await passing(1);
    expect(channel.acked).toEqual(['..2']);
  });

  it('acks no batch before the one that came earlier is sent, because an ack speaks for all before it', async () => {
    const slow = held();
    const sendings = [slow.promise, Promise.resolve()];
    const { channel } = await attached(() => Promise.resolve({ sent: sendings.shift()! }));
    channel.deliver(fakeMessage(1));
    await passing(1);
    channel.deliver(fakeMessage(2));
    await passing(1);
    expect({ acked: channel.acked, left: sendings.length }).toEqual({ acked: [], left: 0 });
    slow.open();
    await passing(1);
    expect(channel.acked).toEqual(['..1', '..2']);
  });

  describe('that rests', () => {
    const sizes: number[] = [];
    const resting = () =>
      attached((batch) => {
        sizes.push(batch.length);
        return Promise.resolve(done);
      }, 100);
    const deliver = (channel: FakeChannel, from: number, to: number) => {
      for (let n = from; n <= to; n += 1) channel.deliver(fakeMessage(n));
    };
    beforeEach(() => void sizes.splice(0));

    it('takes what comes alone at once, and together what comes within the rest', async () => {
      const { channel } = await resting();
      deliver(channel, 1, 1);
      await passing(1);
      deliver(channel, 2, 3);
      await passing(50);
      deliver(channel, 4, 4);
      await passing(40);
      expect(sizes).toEqual([1]);
      await passing(20);
      expect(sizes).toEqual([1, 3]);
      expect(channel.acked).toEqual(['..1', '..4']);
      await passing(200);
      deliver(channel, 5, 5);
      await passing(1);
      expect(sizes).toEqual([1, 3, 1]);
    });

    it('ends the rest when there is a full batch', async () => {
      const { channel } = await resting();
      deliver(channel, 1, 1);
      await passing(1);
      deliver(channel, 2, 12);
      await passing(1);
      expect(sizes).toEqual([1, 10]);
      await passing(110);
      expect(sizes).toEqual([1, 10, 1]);
    });

    it('leaves to the broker what waits when its channel is gone, and takes it from the next', async () => {
      const { consumer, channel } = await resting();
      deliver(channel, 1, 1);
      await passing(1);
      deliver(channel, 2, 3);
      channel.end();
      await consumer.useConnection(connection.asModel);
      const next = connection.channels[1]!;
      deliver(next, 1, 1);
      await passing(110);
      expect(sizes).toEqual([1, 1]);
      expect({ before: channel.acked, after: next.acked }).toEqual({ before: ['..1'], after: ['..1'] });
    });

    it('takes nothing more once it is stopped', async () => {
      const { consumer, channel } = await resting();
      deliver(channel, 1, 1);
      await passing(1);
      deliver(channel, 2, 2);
      await consumer.drain();
      await passing(1_000);
      expect(sizes).toEqual([1]);
      expect({ acked: channel.acked, rejected: channel.rejected }).toEqual({ acked: ['..1'], rejected: [] });
    });
  });

  describe('that is being stopped', () => {
    it('subscribes to nothing on a connection that comes back', async () => {
      const { consumer } = await attached(() => Promise.resolve(done));
      await consumer.drain();
      const next = new FakeConnection();
      await consumer.useConnection(next.asModel);
      await passing(60_000);
      expect(next.channels).toEqual([]);
      expect(connection.openChannels).toEqual([]);
    });

    it('gives up a subscription that is under way', async () => {
      const opening = held();
      connection.opening = opening.promise;
      const consumer = consumerOf(() => Promise.resolve(done));
      const subscribing = consumer.useConnection(connection.asModel);
      await consumer.drain();
      opening.open();
      await subscribing;
      expect(connection.channels.map(({ isOpen, isConsumed }) => ({ isOpen, isConsumed }))).toEqual([
        { isOpen: false, isConsumed: false },
      ]);
      expect(consumer.isAttached).toBe(false);
    });

    it('finishes and acks what is at work, and rejects nothing of the rest', async () => {
      const work = held<typeof done>();
      const { consumer, channel } = await attached(() => work.promise);
      channel.deliver(fakeMessage(1));
      await passing(1);
      channel.deliver(fakeMessage(2));
      const drained = consumer.drain();
      channel.deliver(fakeMessage(3));
      work.open(done);
      await drained;
      expect({ acked: channel.acked, rejected: channel.rejected }).toEqual({ acked: ['..1'], rejected: [] });
      expect(channel.isOpen).toBe(false);
    });
  });

  it('lives through a cancel by the broker while a batch is at work, and subscribes once more', async () => {
    const work = held<typeof done>();
    const { consumer, channel } = await attached(() => work.promise);
    channel.answersClose = false;
    channel.deliver(fakeMessage(1));
    await passing(1);
    channel.deliver(null);
    work.open(done);
    await passing(0);
    expect(channel.acked).toEqual([]);
    await passing(500);
    expect(connection.openChannels).toHaveLength(1);
    expect(consumer.isAttached).toBe(true);
    expect(log).toEqual(['stock.reserve-stock: the broker cancelled the consumer; subscribing again']);
  });

  it('survives an ack that fails', async () => {
    const { channel } = await attached(() => Promise.resolve(done));
    channel.isOpen = false;
    channel.deliver(fakeMessage(1));
    await passing(1);
    expect(log).toEqual(['stock.reserve-stock: Error: Channel closing']);
  });

  it('has one subscription when the connection comes back at once', async () => {
    const { consumer, channel } = await attached(() => Promise.resolve(done));
    channel.end();
    await consumer.useConnection(connection.asModel);
    await passing(60_000);
    expect(connection.openChannels).toHaveLength(1);
  });

  it('has one subscription when two connections follow each other before the first is set up', async () => {
    const opening = held();
    connection.opening = opening.promise;
    const consumer = consumerOf(() => Promise.resolve(done));
    const first = consumer.useConnection(connection.asModel);
    const next = new FakeConnection();
    await consumer.useConnection(next.asModel);
    opening.open();
    await first;
    await passing(60_000);
    expect(connection.openChannels).toEqual([]);
    expect(next.openChannels).toHaveLength(1);
    expect(consumer.isAttached).toBe(true);
  });

  it('opens one channel a try while consuming is refused, ever more slowly, and recovers', async () => {
    connection.refusesConsume = true;
    const { consumer } = await attached(() => Promise.resolve(done));
    await passing(500 + 1_000 + 2_000 + 4_000);
    expect(connection.channels).toHaveLength(5);
    expect(connection.openChannels).toEqual([]);
    connection.refusesConsume = false;
    await passing(5_000);
    expect(consumer.isAttached).toBe(true);
  });

  describe('whose bookkeeping fails', () => {
    const failingTimes = (times: number) => {
      let left = times;
      return () => (left-- > 0 ? Promise.reject(new Error('read-only transaction')) : Promise.resolve(done));
    };

    it('keeps the batch and tries again in place, so that no delivery is counted', async () => {
      const { channel } = await attached(failingTimes(3));
      channel.deliver(fakeMessage(1));
      await passing(1 + 1_000 + 2_000);
      expect(log).toEqual([
        'stock.reserve-stock: Error: read-only transaction; next try in 1000 ms',
        'stock.reserve-stock: Error: read-only transaction; next try in 2000 ms',
        'stock.reserve-stock: Error: read-only transaction; next try in 4000 ms',
      ]);
      expect({ acked: channel.acked, rejected: channel.rejected }).toEqual({ acked: [], rejected: [] });
      await passing(4_000);
      expect(channel.acked).toEqual(['..1']);
    });

    it('stops at once and leaves the batch to the broker', async () => {
      const { consumer, channel } = await attached(failingTimes(Infinity));
      channel.deliver(fakeMessage(1));
      await passing(1);
      await consumer.drain();
      expect({ acked: channel.acked, rejected: channel.rejected }).toEqual({ acked: [], rejected: [] });
      expect(channel.isOpen).toBe(false);
    });

    it('lets go of a batch whose channel is gone, because it comes again', async () => {
      const take = jest.fn(failingTimes(1));
      const { channel } = await attached(take);
      channel.deliver(fakeMessage(1));
      await passing(1);
      channel.end();
      await passing(1_000);
      const next = connection.channels[1]!;
      next.deliver(fakeMessage(7));
      await passing(1);
      expect({ before: channel.acked, after: next.acked }).toEqual({ before: [], after: ['..7'] });
      expect(take).toHaveBeenCalledTimes(2);
    });
  });
});
