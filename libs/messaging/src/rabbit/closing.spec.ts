import { jest } from '@jest/globals';
import { FakeChannel, FakeConnection } from '../../test/fake-broker.js';
import { closed, hangUp } from './closing.js';

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask'] });
});
afterEach(() => {
  jest.useRealTimers();
});

describe('closing what the broker may not answer', () => {
  it('takes an end of the connection for the answer', async () => {
    const channel = new FakeChannel(false);
    channel.answersClose = false;
    const closing = closed(channel);
    channel.end();
    expect(await closing).toBe(true);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('takes a channel that is closed already for closed', async () => {
    const channel = new FakeChannel(false);
    channel.end();
    expect(await closed(channel)).toBe(true);
  });

  it('waits three seconds for an answer and no longer', async () => {
    const channel = new FakeChannel(false);
    channel.answersClose = false;
    const closing = closed(channel);
    await jest.advanceTimersByTimeAsync(3_000);
    expect(await closing).toBe(false);
  });

  it('destroys the socket of a connection that does not answer, with an error that amqplib notices', async () => {
    const connection = new FakeConnection();
    connection.answersClose = false;
    const hangingUp = hangUp(connection.asModel);
    await jest.advanceTimersByTimeAsync(3_000);
    await hangingUp;
    expect(connection.destroyedWith).toEqual(new Error('the broker did not answer in time'));
  });

  it('leaves the socket of a connection alone that says good-bye', async () => {
    const connection = new FakeConnection();
    await hangUp(connection.asModel);
    expect(connection.destroyedWith).toBeUndefined();
  });
});
