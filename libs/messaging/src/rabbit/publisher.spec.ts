import { jest } from '@jest/globals';
import type { Sealed } from '../envelope/envelope.js';
import { asConfirmChannel, FakeChannel, FakeConnection } from '../../test/fake-broker.js';
import { ConfirmedChannel } from './confirmed-channel.js';
import { Publisher } from './publisher.js';

const sealed = (id: string): Sealed => ({ id, type: 'sales.order-placed.v1', body: Buffer.from('{}') });

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask'] });
});
afterEach(() => {
  jest.useRealTimers();
});

describe('a channel with confirms', () => {
  const returned = (channel: FakeChannel, messageId: string) => channel.emit('return', { properties: { messageId } });

  it('counts an event as unsent when it was returned before its confirm', async () => {
    const channel = new FakeChannel(false);
    const events = [sealed('a'), sealed('b')];
    const publishing = new ConfirmedChannel(asConfirmChannel(channel)).publishAll(events);
    returned(channel, 'b');
    for (const { confirm } of channel.published) confirm(null);
    expect(await publishing).toEqual({ events: [events[1]], why: 'no queue is bound to its routing key' });
  });

  it('counts returns by event, because one may be under way twice', async () => {
    const channel = new FakeChannel(false);
    const confirmed = new ConfirmedChannel(asConfirmChannel(channel));
    const both = [confirmed.publishAll([sealed('a')]), confirmed.publishAll([sealed('a')])];
    returned(channel, 'a');
    returned(channel, 'a');
    for (const { confirm } of channel.published) confirm(null);
    for (const { why } of await Promise.all(both)) expect(why).toBe('no queue is bound to its routing key');
  });

  it('gives up after ten seconds, with one timer for all events', async () => {
    const channel = new FakeChannel(false);
    const events = [sealed('a'), sealed('b'), sealed('c')];
    const publishing = new ConfirmedChannel(asConfirmChannel(channel)).publishAll(events);
    expect(jest.getTimerCount()).toBe(1);
    channel.published[1]!.confirm(null);
    await jest.advanceTimersByTimeAsync(10_000);
    expect(await publishing).toEqual({ events: [events[0], events[2]], why: 'the broker did not confirm in time' });
  });

  it('leaves everything unsent when it closes', async () => {
    const channel = new FakeChannel(false);
    const publishing = new ConfirmedChannel(asConfirmChannel(channel)).publishAll([sealed('a')]);
    channel.end();
    expect((await publishing).why).toBe('the connection to the broker was lost');
    expect(jest.getTimerCount()).toBe(0);
  });

  it('leaves everything unsent when the broker closes it, in the words of the broker', async () => {
    const channel = new FakeChannel(false);
    const publishing = new ConfirmedChannel(asConfirmChannel(channel)).publishAll([sealed('a'), sealed('b')]);
    channel.emit('error', new Error('Channel closed by server: 403 (ACCESS-REFUSED)'));
    channel.end();
    expect(await publishing).toMatchObject({
      events: { length: 2 },
      why: 'Channel closed by server: 403 (ACCESS-REFUSED)',
    });
  });

  it('has nothing to wait for when there is nothing to send', async () => {
    expect(await new ConfirmedChannel(asConfirmChannel(new FakeChannel(false))).publishAll([])).toEqual({
      events: [],
      why: '',
    });
  });
});

describe('the publisher', () => {
  it('opens its channel anew on a living connection, however often that fails', async () => {
    const connection = new FakeConnection();
    const publisher = new Publisher();
    await publisher.useConnection(connection.asModel);
    connection.refusesChannels = true;
    connection.channels[0]!.end();
    expect(publisher.isReady).toBe(false);
    await jest.advanceTimersByTimeAsync(500 + 1_000 + 2_000);
    connection.refusesChannels = false;
    await jest.advanceTimersByTimeAsync(4_000);
    expect(publisher.isReady).toBe(true);
    expect(connection.openChannels).toHaveLength(1);
  });

  it('stops trying on a connection that is gone', async () => {
    const connection = new FakeConnection();
    const publisher = new Publisher();
    await publisher.useConnection(connection.asModel);
    connection.end();
    await jest.advanceTimersByTimeAsync(60_000);
    expect(connection.channels).toHaveLength(1);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('sends nothing while the broker is in alarm, says why, and goes on afterwards', async () => {
    const connection = new FakeConnection();
    const publisher = new Publisher();
    await publisher.useConnection(connection.asModel);
    connection.emit('blocked', 'low on memory');
    expect(publisher.isReady).toBe(false);
    expect((await publisher.publishAll([sealed('a')])).why).toBe('the broker takes nothing now: low on memory');
    expect(connection.channels[0]!.published).toEqual([]);
    connection.emit('unblocked');
    expect(publisher.isReady).toBe(true);
  });
});
