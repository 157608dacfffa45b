import { DepartmentMeter } from './department-meter.js';
import type { ProcessReading } from './department-meter.js';

function reading(handled: number, waiting = 0, backlog: Partial<ProcessReading['backlog']> = {}): ProcessReading {
  const since = { handled, duplicates: 0, early: 0, failed: 0, parked: 0, batches: 0 };
  const nothing = { unsent: 0, oldestUnsentSeconds: 0, deferred: 0, oldestDeferredSeconds: 0, parked: 0 };
  const row = { command: 'reserve-stock', emits: [], since, waiting };
  return { rows: [row, { command: 'announce', emits: [] }], backlog: { ...nothing, ...backlog } };
}

describe('the meter of a department', () => {
  it('counts from its first reading', () => {
    const meter = new DepartmentMeter('stock');
    expect(meter.observe(reading(100), 0)).toMatchObject({ handled: 0, perSecond: 0 });
    expect(meter.observe(reading(150), 1_000)).toMatchObject({ handled: 50, perSecond: 50 });
  });

  it('goes on when the service was restarted and counts from zero again', () => {
    const meter = new DepartmentMeter('stock');
    for (const [handled, atMs] of [
      [100, 0],
      [150, 1_000],
    ] as const)
      meter.observe(reading(handled), atMs);
    expect(meter.observe(undefined, 2_000)).toMatchObject({ isAnswering: false, handled: 50, perSecond: 0 });
    expect(meter.observe(reading(7), 3_000)).toMatchObject({ isAnswering: true, handled: 57 });
  });

  it('gives the rate of the last seconds, not of the whole run', () => {
    const meter = new DepartmentMeter('stock');
    for (let second = 0; second <= 10; second += 1) meter.observe(reading(second * 100), second * 1_000);
    expect(meter.observe(reading(1_000), 14_000).perSecond).toBe(0);
  });

  it('takes queued, unsent and deferred messages for waiting', () => {
    const view = new DepartmentMeter('stock').observe(reading(0, 5, { unsent: 2, deferred: 1 }), 0);
    expect(view).toMatchObject({ waiting: 8, deferred: 1 });
  });

  it('does not count what an earlier run had parked', () => {
    const meter = new DepartmentMeter('stock');
    expect(meter.observe(reading(0, 0, { parked: 4 }), 0).parked).toBe(0);
    expect(meter.observe(reading(0, 0, { parked: 5 }), 1_000).parked).toBe(1);
  });
});
