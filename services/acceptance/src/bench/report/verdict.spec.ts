import { departments } from '../company/departments.js';
import type { MemorySample } from '../company/line.js';
import { mapAccounts } from '../machine/accounts.js';
import type { BacklogFigures, ContenderFigures, PacedFigures } from '../phases/figures.js';
import { verdictInTable, verdictOn } from './verdict.js';

const backlog = (ordersPerSecond: number, cpuTotal: number, size = 10_000): BacklogFigures => ({
  ...{ size, orders: size, seconds: size / ordersPerSecond, ordersPerSecond, cpuTotal, otherCores: 0 },
  ...{ cpu: mapAccounts(() => cpuTotal / 7), cash: { p50: 1, p99: 2 }, progress: [] },
});
const paced = (p50: number, p99: number): PacedFigures => ({
  ...{ perSecond: 20, orders: 300, cash: { p50, p99 }, cpu: mapAccounts(() => 1), cpuTotal: 7 },
});
const steady = (megabytes: (at: number) => number): MemorySample[] =>
  Array.from({ length: 300 }, (_, at) => ({
    ...{ atMs: at * 1_000 },
    megabytes: Object.fromEntries(departments.map((name) => [name, name === 'billing' ? megabytes(at) : 100])),
  }));
const contender = (key: string, more: Partial<ContenderFigures>): ContenderFigures => ({
  ...{ key, name: key, saturation: [], backlogs: [], memory: [], leftOut: [] },
  ...more,
});
const saturated = (key: string, ordersPerSecond: number, cpuTotal: number) =>
  contender(key, { saturation: [backlog(ordersPerSecond, cpuTotal)] });
const a = (more: Partial<ContenderFigures>) => contender('a', more);

const judgementOf = (goal: string, figures: readonly ContenderFigures[]) => {
  const { measured, outcome } = verdictOn(figures).find((one) => one.goal === goal)!;
  return [measured, outcome];
};

describe('the verdict of the benchmark', () => {
  it.each([
    ['(a) ÷ (b), orders/s', [saturated('a', 750, 4), saturated('b', 50, 40)], '15.0×', 'aim reached'],
    ['(a) ÷ (b), orders/s', [saturated('a', 600, 4), saturated('b', 50, 40)], '12.0×', 'reached'],
    ['(a) ÷ (b), orders/s', [saturated('a', 590, 4), saturated('b', 50, 40)], '11.8×', 'not reached'],
    ['(a) ÷ (b), orders for the same CPU', [saturated('a', 600, 4), saturated('b', 50, 40)], '10.0×', 'not reached'],
    ['(a) ÷ (d), orders/s', [saturated('a', 800, 4), saturated('d', 1_000, 2)], '0.800×', 'reached'],
    ['(a) ÷ (d), orders for the same CPU', [saturated('a', 800, 4), saturated('d', 1_000, 2)], '0.500×', 'not reached'],
    ['(a) ÷ (d), orders/s', [saturated('d', 1_000, 2)], 'needs (a) and (d)', 'not measured'],
    ['(a) ÷ (d), orders/s', [a({}), saturated('d', 1_000, 2)], 'needs (a) and (d)', 'not measured'],
    ['order to cash at 20 orders/s, p50', [a({ trickle: paced(31, 47) })], '31.0 ms', 'reached'],
    ['order to cash at 20 orders/s, p50', [a({ trickle: paced(101, 300) })], '101 ms', 'not reached'],
    ['order to cash at half load, p99', [a({ halfLoad: paced(362, 1_000) })], '1,000 ms', 'reached'],
    ['order to cash at half load, p99', [a({})], 'needs latency', 'not measured'],
  ])('%s', (goal, figures, measured, outcome) => expect(judgementOf(goal, figures)).toEqual([measured, outcome]));

  it.each([
    ['as much', [backlog(400, 4, 1_000), backlog(400, 4, 100_000)], '0 %', 'reached'],
    ['less', [backlog(300, 5, 1_000), backlog(400, 4, 100_000)], '-20.0 %', 'reached'],
    ['a little more', [backlog(400, 4, 1_000), backlog(350, 4.6, 100_000)], '15.0 %', 'reached'],
    ['too much more', [backlog(400, 4, 1_000), backlog(300, 4.8, 100_000)], '20.0 %', 'not reached'],
    [
      'as much as the small ones before it and after it, on a machine that becomes slower',
      [backlog(400, 4, 1_000), backlog(350, 4.6, 100_000), backlog(300, 5.2, 1_000)],
      '0 %',
      'reached',
    ],
    ['nothing, when it was left out', [backlog(400, 4, 1_000)], 'needs both backlogs', 'not measured'],
  ])('asks what an order of a hundred thousand costs: %s', (_, backlogs, measured, outcome) => {
    const goal = 'more CPU an order at a backlog of 100,000 than at 1,000';
    expect(judgementOf(goal, [a({ backlogs })])).toEqual([measured, outcome]);
  });

  it('compares the hot item with what is usual before and after it in the same turn, in time and in CPU', () => {
    const [hot, afterHot] = [backlog(320, 4.4), backlog(400, 3)];
    const figures = [a({ saturation: [backlog(900, 1), backlog(400, 5)], hot, afterHot })];
    expect(judgementOf('one hot item in every order: more time', figures)).toEqual(['25.0 %', 'not reached']);
    expect(judgementOf('one hot item in every order: more CPU', figures)).toEqual(['10.0 %', 'reached']);
  });

  const [largest, growth] = [
    'resident memory, largest service',
    'resident memory, growth of any service in the last third',
  ];
  it.each([
    ['flat', steady(() => 180), ['180 MB', 'reached'], ['0 %', 'reached']],
    ['warm after a while', steady((at) => (at < 100 ? at : 200)), ['200 MB', 'reached'], ['0 %', 'reached']],
    ['growing on and on', steady((at) => 100 + at / 2), ['250 MB', 'reached'], ['28.6 %', 'not reached']],
    ['too large', steady(() => 251), ['251 MB', 'not reached'], ['0 %', 'reached']],
    [
      'seen for a minute',
      steady(() => 90).slice(60, 120),
      ['100 MB', 'reached'],
      ['needs two minutes of memory', 'not measured'],
    ],
    ['not seen', [], ['needs memory of (a)', 'not measured'], ['needs two minutes of memory', 'not measured']],
  ])('judges the service whose memory is the worst: %s', (_, memory, size, flat) => {
    expect(judgementOf(largest, [a({ memory })])).toEqual(size);
    expect(judgementOf(growth, [a({ memory })])).toEqual(flat);
  });

  it('says of every goal of a run without figures that it was not measured', () => {
    const verdict = verdictOn([]);
    expect(new Set(verdict.map(({ outcome }) => outcome))).toEqual(new Set(['not measured']));
    expect(verdictInTable(verdict)).toContain('at least 12.0×, aim 15.0×  not measured');
  });
});
