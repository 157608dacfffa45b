import { result, twoWaiting } from '../../test/demo-result.js';
import type { OrderTimes } from './books.js';
import { progressView } from './progress-view.js';
import { summaryLines, waitingLines } from './summary.js';

const bare = (lines: readonly string[]) => lines.join('\n').replace(/\x1b\[\d+m/g, '');
const times: OrderTimes = {
  toCash: [{ payment: 'all', orders: 8, p50Ms: 4_000, p99Ms: 9_500 }],
  line: { orders: 10, spanMs: 5_000 },
};

describe('the summary of the demo', () => {
  it('shows that the outcomes add up to what was submitted', () => {
    expect(bare(summaryLines(result(), times))).toContain('8 + 1 + 1 + 0 = 10  ✔');
  });

  it('tells throughput and the time from order to cash', () => {
    const text = bare(summaryLines(result(), times));
    expect(text).toContain('8  p50 4.0 s   p99 9.5 s   all completed orders');
    expect(text).toContain('2  orders a second: 10 dispatched or turned down within 5.0 s');
  });

  it('tells the money in its currency', () => {
    expect(bare(summaryLines(result(), times))).toMatch(/£10\.00 {2}invoiced, of which £1\.00 were cancelled again/);
  });

  it('explains where the orders wait', () => {
    const [sales] = result().departments;
    const openItems = { charges: { pending: 1 }, pickLists: { open: 1 } };
    const departments = [{ ...sales!, waiting: 2, deferred: 2, parked: 1 }];
    const text = bare(waitingLines(result({ tally: twoWaiting, openItems, departments })));
    expect(text.split('\n').map((line) => line.trim())).toEqual([
      '› 1 to be picked and packed',
      '› 1 for their payment',
      '› pick lists: 1 open',
      '› charges: 1 pending',
      '› sales: 2 messages (2 deferred), 1 parked',
    ]);
  });
});

describe('the progress view', () => {
  it('has a line for a log and a block for a terminal', () => {
    const { tally, departments, submitted } = result({ tally: twoWaiting });
    const view = progressView({ submitted, confirmed: 11, messages: 11, tally, departments });
    expect(bare([view.line])).toBe('  8 of 10 orders: completed 6, rejected 1, cancelled 1; waiting: sales 0');
    expect(bare([view.block])).toContain('████████████████████████░░░░░░  8 of 10');
  });
});
