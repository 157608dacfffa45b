import { jest } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { Deferrals } from './deferrals.js';

type Row = { step: string; message_key: string };

/** Rows of `deferred` that are due, as a data source that answers `takeDue`; `renewed` gets the keys whose lease is. */
function due(rows: Row[], renewed: string[][] = []): DataSource {
  const query = (_sql: string, [first, butFor]: [unknown, string[]]) => {
    if (Array.isArray(first)) return Promise.resolve(void renewed.push(butFor));
    const taken = rows.filter(({ step }) => !butFor.includes(step));
    for (const row of taken) rows.splice(rows.indexOf(row), 1);
    return Promise.resolve([taken, taken.length]);
  };
  return { query } as unknown as DataSource;
}

describe('rounds of deferred messages', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  const later = () => jest.advanceTimersByTimeAsync(1_200);

  it('go on for other steps while one is at work, and a stop waits for that one', async () => {
    const rows = [
      { step: 'slow', message_key: 's1' },
      { step: 'quick', message_key: 'q1' },
    ];
    const taken: string[] = [];
    let end = () => {};
    const slow = new Promise<void>((resolve) => (end = resolve));
    const deferrals = new Deferrals(
      due(rows),
      (step, messages) => {
        taken.push(...messages.map(({ deferredKey }) => deferredKey!));
        return step === 'slow' ? slow : Promise.resolve();
      },
      () => undefined,
    );
    deferrals.start();
    await later();
    rows.push({ step: 'quick', message_key: 'q2' }, { step: 'slow', message_key: 's2' });
    await later();
    expect(taken).toEqual(['s1', 'q1', 'q2']);

    let hasStopped = false;
    const stop = deferrals.stop().then(() => (hasStopped = true));
    await later();
    expect(hasStopped).toBe(false);
    end();
    await stop;
    expect(taken).toEqual(['s1', 'q1', 'q2']);
  });

  it('keep what a step is at work on, and nothing that is done', async () => {
    const renewed: string[][] = [];
    const rows = ['slow', 'quick'].map((step) => ({ step, message_key: step }));
    let end = () => {};
    const slow = new Promise<void>((resolve) => (end = resolve));
    const take = (step: string) => (step === 'slow' ? slow : Promise.resolve());
    const deferrals = new Deferrals(due(rows, renewed), take, () => undefined);
    deferrals.start();
    await jest.advanceTimersByTimeAsync(22_500);
    expect(renewed).toEqual([['slow'], ['slow']]);

    const stop = deferrals.stop();
    await jest.advanceTimersByTimeAsync(10_000);
    end();
    await stop;
    await jest.advanceTimersByTimeAsync(30_000);
    expect(renewed).toEqual([['slow'], ['slow'], ['slow']]);
  });

  it('say what a step could not do, and hand it its messages again', async () => {
    const rows = [{ step: 'broken', message_key: 'b1' }];
    const said: string[] = [];
    let tries = 0;
    const deferrals = new Deferrals(
      due(rows),
      () => {
        tries += 1;
        return tries === 1 ? Promise.reject(new Error('the database is away')) : Promise.resolve();
      },
      (message) => said.push(message),
    );
    deferrals.start();
    await later();
    rows.push({ step: 'broken', message_key: 'b1' });
    await later();
    await deferrals.stop();
    expect(said).toEqual(['deferred: Error: the database is away']);
    expect(tries).toBe(2);
  });
});
