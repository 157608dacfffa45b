import type { DataSource } from 'typeorm';
import type { Sealed } from '../envelope/envelope.js';
import type { Publisher } from '../rabbit/publisher.js';
import { Relay } from './relay.js';

const BATCHES = 20;
const event = { id: '00000000-0000-7000-8000-000000000001', type: 'stock.availability-changed.v1' };

/** A backlog without an end, every row of which was taken over `attempts` times, and a broker that routes nothing. */
function backlog(attempts: number, whenAsked: (publishes: number) => void) {
  const delaysMs: number[] = [];
  let publishes = 0;
  const source = {
    query: (sql: string, parameters: unknown[]) => {
      if (sql.includes('last_error')) delaysMs.push(Number(parameters[3]) * 1_000);
      const row = { id: event.id, attempts, envelopes: JSON.stringify([event]) };
      return Promise.resolve([Array.from({ length: BATCHES }, () => row), BATCHES]);
    },
  } as unknown as DataSource;
  const publisher = {
    isReady: true,
    publishAll: (events: readonly Sealed[]) => {
      whenAsked((publishes += 1));
      return Promise.resolve({ events, why: 'no queue is bound to its routing key' });
    },
  };
  return { relay: new Relay(source, publisher as unknown as Publisher, () => undefined), publisher, delaysMs };
}

describe('the sweeper of the outbox', () => {
  it('stops when it is told to, however much is left that cannot be sent', async () => {
    let stopping: Promise<void> | undefined;
    const { relay } = backlog(1, (publishes) => {
      if (publishes === 3 * BATCHES) stopping = relay.stop();
    });
    await relay['sweep']();
    await stopping;
    expect(stopping).toBeDefined();
  });

  it('ends its round when the broker goes away', async () => {
    const { relay, publisher } = backlog(1, (publishes) => {
      if (publishes === BATCHES) publisher.isReady = false;
    });
    await expect(relay['sweep']()).resolves.toBeUndefined();
  });

  it.each([
    [0, 2_000],
    [1, 4_000],
    [3, 16_000],
    [40, 30_000],
  ])('leaves what it took over %i times alone for %i ms', async (attempts, delayMs) => {
    const { relay, publisher, delaysMs } = backlog(attempts, () => (publisher.isReady = false));
    await relay['sweep']();
    expect(new Set(delaysMs)).toEqual(new Set([delayMs]));
  });
});
