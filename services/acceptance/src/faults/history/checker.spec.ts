import type { Evidence, Takers } from './checker.js';
import { check } from './checker.js';
import type { Entry, Sent } from './history.js';

const order = (externalId: string, eventId = `id-${externalId}`): Sent => ({
  ...{ what: 'order', channel: 'shop', externalId, door: 'amqp', eventId },
});
const attempted = (sent: Sent): Entry => ({ kind: 'attempted', ...sent });
const accepted = (sent: Sent): Entry => ({ kind: 'accepted', ...sent });
const delivered = (type: string, key: string, id: string): Entry => ({
  ...{ kind: 'delivered', id, source: type.startsWith('storefront.') ? '/shop' : '/retaguarda', type, key },
});

const SUBMITTED = 'storefront.order-submitted.v1';
const PLACED = 'sales.order-placed.v1';
const takers: Takers = new Map([
  [SUBMITTED, ['sales.place-order']],
  [PLACED, ['stock.reserve-stock']],
]);

/** One order that went its way: sent, accepted, heard, placed, reserved. */
const history: readonly Entry[] = [
  attempted(order('A')),
  accepted(order('A')),
  delivered(SUBMITTED, 'shop/A', 'id-A'),
  delivered(PLACED, 'order-a', 'p1'),
];
const evidence: Evidence = {
  orders: new Set(['shop/A']),
  committed: [{ type: PLACED, key: 'order-a', isDue: true }],
  claims: new Set([`sales.place-order ["/shop","id-A"]`, 'stock.reserve-stock p1']),
  waiting: new Set(),
  repeatedEffects: [],
};

async function* told(entries: readonly Entry[]): AsyncGenerator<Entry> {
  yield* entries;
}
const judge = async (entries: readonly Entry[], seen: Partial<Evidence> = {}) => {
  const { lost, unexpected, duplicated } = await check(told(entries), { ...evidence, ...seen }, takers);
  return { lost, unexpected, duplicated };
};
const clean = { lost: [], unexpected: [], duplicated: [] };

describe('the checker of fault runs', () => {
  it('finds nothing when every order went its way', async () => {
    expect(await judge(history)).toEqual(clean);
    expect(await check(told(history), evidence, takers)).toMatchObject({
      ...{ attempted: 1, accepted: 1, committed: 1, delivered: 2, applied: 2 },
    });
  });

  it('takes no offence at a message that is delivered twice, nor at an order that is sent twice', async () => {
    const again = [...history, attempted(order('A', 'other')), delivered(PLACED, 'order-a', 'p1')];
    expect(await judge(again)).toEqual(clean);
  });

  it('does not miss an order that was attempted and never accepted', async () => {
    expect(await judge([...history, attempted(order('B'))])).toEqual(clean);
  });

  it('finds an order that was refused although nothing is wrong with it', async () => {
    const refused: Entry = { kind: 'refused', status: 422, ...order('A') };
    const unexpected = ['refusal of order shop/A with 422'];
    expect(await judge([...history, refused])).toEqual({ ...clean, unexpected });
  });

  it('finds an accepted order that sales does not have', async () => {
    const lost = ['accepted order shop/B'];
    expect(await judge([...history, attempted(order('B')), accepted(order('B'))])).toEqual({ ...clean, lost });
  });

  it('finds a committed fact that was never published', async () => {
    const committed = [...evidence.committed, { type: 'stock.stock-reserved.v1', key: 'order-a', isDue: true }];
    const lost = ['published stock.stock-reserved.v1 order-a'];
    expect(await judge(history, { committed })).toEqual({ ...clean, lost });
  });

  it('finds a delivered message that a step never applied, unless it waits where it is seen', async () => {
    const claims = new Set([`sales.place-order ["/shop","id-A"]`]);
    const lost = [`${PLACED} at stock.reserve-stock p1`];
    expect(await judge(history, { claims })).toEqual({ ...clean, lost });
    expect(await judge(history, { claims, waiting: new Set(['stock.reserve-stock p1']) })).toEqual(clean);
  });

  it('finds an order that nobody sent', async () => {
    const orders = new Set(['shop/A', 'shop/Z']);
    expect(await judge(history, { orders })).toEqual({ ...clean, unexpected: ['order shop/Z'] });
  });

  it('finds an event of a fact that was never committed', async () => {
    const made = delivered(PLACED, 'order-z', 'p9');
    const seen = { claims: new Set([...evidence.claims, 'stock.reserve-stock p9']) };
    expect(await judge([...history, made], seen)).toEqual({ ...clean, unexpected: [`event ${PLACED} order-z`] });
  });

  it('finds two events for one fact, and an effect that is there twice', async () => {
    const second = delivered(PLACED, 'order-a', 'p2');
    const repeatedEffects = ['stock: sale of SKU-1 for order-a: 2'];
    const seen = { claims: new Set([...evidence.claims, 'stock.reserve-stock p2']), repeatedEffects };
    const duplicated = [...repeatedEffects, `2 events ${PLACED} order-a`];
    expect(await judge([...history, second], seen)).toEqual({ ...clean, duplicated });
  });
});
