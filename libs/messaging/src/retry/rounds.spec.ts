import { jest } from '@jest/globals';
import { Rounds } from './rounds.js';

describe('work that is done in rounds', () => {
  let log: string[];
  beforeEach(() => {
    jest.useFakeTimers();
    log = [];
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  const roundsOf = (work: () => Promise<boolean>) =>
    new Rounds(work, { name: 'deferred', soonMs: 100, idleMs: 1_000, log: (line) => void log.push(line) });
  const passing = (ms: number) => jest.advanceTimersByTimeAsync(ms);

  it('comes again soon while there is something to do, and at the idle pace when there is not', async () => {
    let left = 2;
    const work = jest.fn(() => Promise.resolve(left-- > 0));
    roundsOf(work).start();
    await passing(300);
    expect(work).toHaveBeenCalledTimes(3);
    await passing(999);
    expect(work).toHaveBeenCalledTimes(3);
    await passing(1);
    expect(work).toHaveBeenCalledTimes(4);
  });

  it('comes soon when it is told that something is there, also in the middle of a round', async () => {
    const work = jest.fn(() => Promise.resolve(false));
    const rounds = roundsOf(work);
    rounds.start();
    await passing(100);
    rounds.expect();
    await passing(100);
    expect(work).toHaveBeenCalledTimes(2);
    work.mockImplementationOnce(() => {
      rounds.expect();
      return Promise.resolve(false);
    });
    await passing(1_000);
    expect(work).toHaveBeenCalledTimes(3);
    await passing(100);
    expect(work).toHaveBeenCalledTimes(4);
  });

  it('goes on after a round that failed, and says why it did', async () => {
    const work = jest.fn(() => Promise.resolve(false)).mockRejectedValueOnce(new Error('no such table'));
    roundsOf(work).start();
    await passing(1_100);
    expect(work).toHaveBeenCalledTimes(2);
    expect(log).toEqual(['deferred: Error: no such table']);
  });

  it('is stopped when the round at work is over, and begins no other', async () => {
    let finish!: (more: boolean) => void;
    const work = jest.fn(() => new Promise<boolean>((resolve) => (finish = resolve)));
    const rounds = roundsOf(work);
    rounds.start();
    await passing(100);
    let isStopped = false;
    const stopping = rounds.stop().then(() => (isStopped = true));
    await passing(0);
    expect(isStopped).toBe(false);
    finish(true);
    await stopping;
    await passing(10_000);
    expect(work).toHaveBeenCalledTimes(1);
  });
});
