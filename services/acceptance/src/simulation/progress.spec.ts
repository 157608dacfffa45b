import { Progress } from './progress.js';

const MINUTE_MS = 60_000;

describe('the progress of a run of schedules', () => {
  let now: number;
  beforeEach(() => {
    now = 0;
  });
  const progressOf = (count: number | undefined, until = 10 * MINUTE_MS) =>
    new Progress({ first: 100, step: 2, count, until }, () => now);
  const done = (played: number, next: number) => ({ played, orders: played * 2, crashes: played, next });

  it('says how many schedules are done, how fast, and how long it will take', () => {
    const progress = progressOf(4_000);
    now = MINUTE_MS;
    progress.hear(done(500, 1_100));
    progress.hear(done(500, 1_101));
    expect(progress.line()).toBe('1000 of 4000 schedules, 1000 a minute, 0 failed, 3.0 minutes left');
  });

  it('knows only the time that is left when no number was asked for', () => {
    const progress = progressOf(undefined);
    now = 2 * MINUTE_MS;
    progress.hear(done(500, 1_100));
    expect(progress.line()).toBe('500 schedules, 250 a minute, 0 failed, 8.0 minutes left');
  });

  it('says so when it was stopped before the first one ended', () => {
    expect(progressOf(4_000).summary('7')).toMatch(/none was played to its end; go on: .* --from 100$/);
  });

  it('goes on where the slower lane stopped, so that no schedule is left out', () => {
    const progress = progressOf(4_000);
    now = MINUTE_MS;
    progress.hear(done(20, 140));
    progress.hear(done(10, 121));
    expect(progress.summary('7')).toBe(
      '30 schedules with 60 orders and 30 crashes in 1.0 minutes: 30 a minute; 0 failed\n' +
        'all of 100 to 120 were played; go on: npm run simulate -- --seed 7 --from 121',
    );
  });
});
