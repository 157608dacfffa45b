import { dayOf, saleOf } from '../../test/orders-of-a-day.js';
import { ordersFor } from './repeat.js';
import type { Feed, Submission } from './repeat.js';

const from = dayOf(3);
const idOf = (one: Submission) => (one.kind === 'order' ? one.order : one.cancellation).externalId;
const orderIds = (feed: Feed) => [...ordersFor(feed)].filter(({ kind }) => kind === 'order').map(idOf);

describe('A feed of orders', () => {
  it('is the day first, then the day again with new numbers', () => {
    const ids = ['1000', '1001', '1002', '1000-2', '1001-2', '1002-2', '1000-3'];
    expect(orderIds({ count: 7, seed: '1', from })).toEqual(ids);
  });

  it('places the repeats on the days after', () => {
    const orders = [...ordersFor({ count: 4, seed: '1', from })].flatMap((one) =>
      one.kind === 'order' ? [one.order] : [],
    );
    expect(orders[3]?.placedAt).toBe('2010-12-02T08:26:00.000Z');
    expect(orders[3]?.lines).toEqual(orders[0]?.lines);
  });

  it('puts the name of the run before every number', () => {
    expect(orderIds({ count: 4, seed: '1', from, run: 'today' })).toEqual([
      'today-1000',
      'today-1001',
      'today-1002',
      'today-1000-2',
    ]);
  });

  it('has exactly as many orders as were asked for, all different', () => {
    expect(new Set(orderIds({ count: 5_000, seed: '1', from })).size).toBe(5_000);
  });

  it('can go on without end', () => {
    const endless = ordersFor({ count: Infinity, seed: '1', from });
    const first = Array.from({ length: 1_000 }, () => endless.next().done);
    expect(first).not.toContain(true);
  });

  it('is the same for the same seed, and only goes on when it is longer', () => {
    const feed = (count: number, seed: string) => [...ordersFor({ count, seed, from })];
    expect(feed(1_000, '7')).toEqual(feed(1_000, '7'));
    expect(feed(1_000, '7')).not.toEqual(feed(1_000, '8'));
    expect(feed(2_000, '7').slice(0, 990)).toEqual(feed(1_000, '7').slice(0, 990));
  });

  it('says so when there is no order to submit', () => {
    const nothing = { orders: [], cancellations: [], outcomes: [], catalogue: [] };
    expect(() => [...ordersFor({ count: 1, seed: '1', from: nothing })]).toThrow('no order');
  });
});

describe('Cancellations in a feed', () => {
  const feed = [...ordersFor({ count: 3_000, seed: '1', from })];

  it('are about two in a hundred orders, and marked as simulated', () => {
    const cancellations = feed.filter((one) => one.kind === 'cancellation');
    expect(cancellations.length).toBeGreaterThan(40);
    expect(cancellations.length).toBeLessThan(80);
    expect(cancellations.every((one) => one.kind === 'cancellation' && one.isSimulated)).toBe(true);
  });

  it('come after their orders, each once', () => {
    const placed = new Set<string>();
    const cancelled = new Set<string>();
    for (const one of feed) {
      if (one.kind === 'order') placed.add(idOf(one));
      else {
        expect(placed).toContain(idOf(one));
        expect(cancelled).not.toContain(idOf(one));
        cancelled.add(idOf(one));
      }
    }
  });

  it('are kept to the end when the feed stops before they are due', () => {
    const requests = (count: number) =>
      [...ordersFor({ count, seed: '1', from })].filter(({ kind }) => kind !== 'order');
    const lastCancelled = feed.findLastIndex((one) => one.kind === 'cancellation');
    const externalId = idOf(feed[lastCancelled] as Submission);
    const position = orderIds({ count: 3_000, seed: '1', from }).indexOf(externalId);
    expect(requests(position + 1).map(idOf)).toContain(externalId);
    expect(requests(position).map(idOf)).not.toContain(externalId);
  });

  it('of the data come where the credit invoice stood, in every round', () => {
    const credit = saleOf(0, 'A-0', { invoice: 'C1', quantity: -2, row: 90 });
    const rest = saleOf(0, 'A-1', { invoice: 'C1', quantity: -2, row: 91 });
    const credited = dayOf(3, [credit, rest]);
    const submissions = [...ordersFor({ count: 6, seed: 'no simulated one', from: credited })];
    const cancellations = submissions.flatMap((one, at) => (one.kind === 'cancellation' ? [{ at, one }] : []));
    expect(cancellations).toMatchObject([
      { at: 3, one: { cancellation: { externalId: '1000' }, isSimulated: false } },
      { at: 7, one: { cancellation: { externalId: '1000-2' }, isSimulated: false } },
    ]);
  });
});
