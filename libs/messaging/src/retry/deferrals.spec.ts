import { jest } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { Deferrals } from './deferrals.js';

/** Rows of `deferred` that are due, as a data source that answers `takeDue`. */
function due(rows: { step: string; message_key: string }[]): DataSource {
  const query = (_sql: string, [, butFor]: [number, string[]]) => {
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
