import { pacedBy } from './pace.js';

function simulatedTime() {
  const time = { now: 0, waits: 0 };
  const waitMs = (ms: number) => {
    time.now += ms;
    time.waits += 1;
    return Promise.resolve();
  };
  return { time, clock: { nowMs: () => time.now, waitMs } };
}

describe('The rate of submissions', () => {
  it('is kept over a second', async () => {
    const { time, clock } = simulatedTime();
    const turn = pacedBy(50, clock);
    for (let message = 0; message <= 100; message += 1) await turn();
    expect(time.now).toBeCloseTo(2_000);
  });

  it('is not caught up after a long stall by a flood', async () => {
    const { time, clock } = simulatedTime();
    const turn = pacedBy(10, clock);
    await turn();
    time.now += 60_000;
    for (let message = 0; message < 100; message += 1) await turn();
    expect(time.now).toBeGreaterThan(60_000 + 8_000);
  });

  it('does not make anyone wait when none is asked for', async () => {
    const { time, clock } = simulatedTime();
    await pacedBy(undefined, clock)();
    expect(time.waits).toBe(0);
  });
});
