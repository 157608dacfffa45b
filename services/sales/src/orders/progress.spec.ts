import type { ToldFact } from './progress.js';
import { isCompletedBy, merge } from './progress.js';
import type { Fact, LockedOrder } from './orders.js';
import { facts } from './orders.js';

const at = (minute: number) => new Date(Date.UTC(2026, 2, 2, 12, minute));
const order = (id: string, ...known: Fact[]) =>
  ({ id, ...Object.fromEntries(facts.map((f) => [f, known.includes(f)])) }) as unknown as LockedOrder;
const told = (about: LockedOrder, fact: ToldFact, minute: number) => ({ order: about, fact, at: at(minute) });

describe('what departments tell about orders', () => {
  it('is put together by order, and who tells a fact first is believed', () => {
    const [one, other] = [order('one'), order('other')];
    const progress = merge([
      told(one, 'packed', 5),
      told(other, 'reserved', 3),
      told(one, 'reserved', 1),
      told(one, 'packed', 2),
    ]);
    expect(progress).toEqual([
      { order: one, times: { packed: at(5), reserved: at(1) } },
      { order: other, times: { reserved: at(3) } },
    ]);
  });

  it('adds nothing when it was known', () => {
    expect(merge([told(order('one', 'placed', 'packed'), 'packed', 1)])).toEqual([]);
  });

  it.each<[string, boolean, Fact[], ToldFact[]]>([
    ['shipped and paid at once', true, [], ['shipped', 'paid']],
    ['paid after it was shipped', true, ['shipped'], ['paid']],
    ['shipped after it was paid', true, ['paid'], ['shipped']],
    ['shipped only', false, [], ['shipped']],
    ['packed after it was paid', false, ['paid'], ['packed']],
    ['paid and shipped although it was cancelled', false, ['cancelled'], ['shipped', 'paid']],
    ['paid and shipped although it was rejected', false, ['rejected'], ['shipped', 'paid']],
    ['packed after it was completed', false, ['shipped', 'paid', 'completed'], ['packed']],
  ])('an order that is %s: completed by it is %s', (_, isCompleted, known, news) => {
    const about = order('one', 'placed', ...known);
    const progress = merge(news.map((fact) => told(about, fact, 1)));
    expect(progress.map(isCompletedBy)).toEqual([isCompleted]);
  });
});
