import {
  CancellationRefused,
  CancellationRequested,
  InvoiceIssued,
  OrderCancellationRequested,
  OrderCancelled,
  OrderCompleted,
  OrderPacked,
  OrderPlaced,
  OrderRejected,
  OrderShipped,
  OrderStopped,
  OrderSubmitted,
  PaymentReceived,
  StockRejected,
  StockReserved,
  validate,
} from '@retaguarda/contracts';
import { messageOf, OfflineDepartment } from '@retaguarda/testing';
import type { FactTimes } from '../src/orders/orders.js';
import { columnOf, FACT_COLUMNS, facts } from '../src/orders/orders.js';
import type { OrderStatus } from '../src/orders/status.js';
import { hasStatus, statuses, statusOf } from '../src/orders/status.js';
import { sales } from '../src/sales.module.js';

const submitted = (externalId: string, changes: object = {}) =>
  OrderSubmitted.of({ ...OrderSubmitted.example, externalId, ...changes });
const inAdvance = { payment: { terms: 'in-advance', method: 'pix' } };

describe('sales', () => {
  let at: OfflineDepartment;
  beforeAll(async () => {
    at = await OfflineDepartment.open(sales);
  });
  afterAll(() => at.close());
  beforeEach(() => at.reset());

  async function place(externalId = 'A', changes: object = {}): Promise<string> {
    await at.deliver('place-order', submitted(externalId, changes));
    const [row] = (await at.source.query('select id from orders where external_id = $1', [externalId])) as {
      id: string;
    }[];
    return row!.id;
  }
  const tell = (...events: object[]) => at.deliver('record-progress', ...events);
  const page = async (orderId: string) => (await at.http('GET', `/orders/${orderId}`)).body;
  const statusNow = async (orderId: string): Promise<OrderStatus> => (await page(orderId)).status;
  const of = (orderId: string) => ({
    reserved: StockReserved.of({ ...StockReserved.example, orderId }),
    packed: OrderPacked.of({ ...OrderPacked.example, orderId }),
    invoiced: InvoiceIssued.of({ ...InvoiceIssued.example, orderId }),
    shipped: OrderShipped.of({ ...OrderShipped.example, orderId }),
    paid: PaymentReceived.of({ ...PaymentReceived.example, orderId }),
    halfPaid: PaymentReceived.of({ ...PaymentReceived.example, orderId, amount: 1, outstanding: 1 }),
    missing: StockRejected.of({ ...StockRejected.example, orderId }),
    stopped: OrderStopped.of({ ...OrderStopped.example, orderId }),
    refused: CancellationRefused.of({ ...CancellationRefused.example, orderId }),
  });

  describe('takes orders', () => {
    it('and hands the whole sheet on, as its contract wants it', async () => {
      await at.deliver('place-order', OrderSubmitted.example);
      const [placed] = await at.sentOf(OrderPlaced);
      expect(placed).toEqual({ ...OrderPlaced.example, orderId: expect.any(String) });
      expect(validate(OrderPlaced, placed)).toHaveProperty('event');
    });

    it('once, however often a batch holds one, and by its first words', async () => {
      const batch = [submitted('A'), submitted('B'), submitted('A', { notes: 'other words' }), submitted('A')];
      await at.deliver('place-order', ...batch.map((event, index) => messageOf(event, { id: String(index) })));
      const placed = await at.sentOf(OrderPlaced);
      expect(placed.map(({ externalId, notes }) => [externalId, notes]).sort()).toEqual([
        ['A', OrderSubmitted.example.notes],
        ['B', OrderSubmitted.example.notes],
      ]);
    });

    it('apart when two channels use the same number', async () => {
      await at.deliver('place-order', submitted('A'), submitted('A', { channel: 'other-shop' }));
      expect(await at.sentOf(OrderPlaced)).toHaveLength(2);
    });

    it('once when twenty batches with the same orders race, each in another sequence', async () => {
      const numbers = Array.from({ length: 20 }, (_, index) => `N${index}`);
      const batches = numbers.map((_, turn) =>
        [...numbers.slice(turn), ...numbers.slice(0, turn)].map((n) => submitted(n)),
      );
      await Promise.all(
        batches.map((batch, turn) =>
          at.deliver('place-order', ...batch.map((event) => messageOf(event, { id: `turn ${turn}` }))),
        ),
      );
      const placed = (await at.sentOf(OrderPlaced)).map(({ externalId }) => externalId);
      expect(placed.sort()).toEqual([...numbers].sort());
      expect(await at.deferred()).toEqual([]);
    });

    it('but not to be paid in advance: those are kept with the reason and rejected', async () => {
      const orderId = await place('A', inAdvance);
      expect(await at.sentOf(OrderPlaced)).toEqual([]);
      const [rejected] = await at.sentOf(OrderRejected);
      expect(rejected).toMatchObject({ orderId, externalId: 'A', reasons: [expect.stringContaining('in advance')] });
      expect(validate(OrderRejected, rejected)).toHaveProperty('event');
      expect(await page(orderId)).toMatchObject({
        status: 'rejected',
        timeline: [{ fact: 'placed' }, { fact: 'rejected', reasons: rejected!.reasons }],
      });
    });

    it('and a rejected one stays rejected when it is submitted again on other terms', async () => {
      await place('A', inAdvance);
      await at.deliver('place-order', submitted('A'));
      expect(await at.sent()).toHaveLength(1);
    });

    it('that cost nothing', async () => {
      const orderId = await place('A', {
        lines: [{ ...OrderSubmitted.example.lines[0], unitPrice: 0, discount: 0 }],
        shippingFee: 0,
      });
      expect(await page(orderId)).toMatchObject({ status: 'placed', total: 0 });
    });
  });

  describe('follows an order', () => {
    it.each([
      ['shipped', 'paid'],
      ['paid', 'shipped'],
    ] as const)('to its completion by %s, then %s', async (first, second) => {
      const orderId = await place();
      const told = of(orderId);
      await tell(told.reserved, told.packed, told.invoiced);
      await tell(told[first]);
      expect(await at.sentOf(OrderCompleted)).toEqual([]);
      await tell(told[second]);
      const { channel, externalId, total, currency } = OrderCompleted.example;
      const [completed, ...more] = await at.sentOf(OrderCompleted);
      expect(completed).toEqual({
        orderId,
        channel,
        externalId: externalId && 'A',
        total,
        currency,
        completedAt: expect.any(String),
      });
      expect(more).toEqual([]);
      expect(validate(OrderCompleted, completed)).toHaveProperty('event');
      expect(await statusNow(orderId)).toBe('completed');
    });

    it('to one completion when all its facts race on connections of their own', async () => {
      const ids = await Promise.all(['A', 'B', 'C', 'D'].map((externalId) => place(externalId)));
      const news = ids.map(of).flatMap((told) => [told.shipped, told.paid, told.packed, told.reserved, told.invoiced]);
      const shuffled = news.map((_, index) => news[(index * 7) % news.length]!);
      await Promise.all(shuffled.flatMap((event) => [tell(event), tell(messageOf(event, { id: 'again' }))]));
      const completed = (await at.sentOf(OrderCompleted)).map(({ orderId }) => orderId);
      expect(completed.sort()).toEqual([...ids].sort());
      expect(await at.deferred()).toEqual([]);
    });

    it('and does not take an instalment for the whole payment', async () => {
      const orderId = await place();
      const { shipped, halfPaid, paid } = of(orderId);
      await tell(shipped, halfPaid);
      expect(await statusNow(orderId)).toBe('shipped');
      await tell(paid);
      expect(await statusNow(orderId)).toBe('completed');
    });

    it('whose cancellation came first: what arrives later is kept, and completes nothing', async () => {
      const orderId = await place();
      const told = of(orderId);
      await at.deliver('cancel-order', told.stopped);
      await tell(told.reserved, told.packed, told.invoiced, told.shipped, told.paid);
      expect(await at.sentOf(OrderCompleted)).toEqual([]);
      expect((await page(orderId)).timeline).toHaveLength(7);
      expect(await statusNow(orderId)).toBe('cancelled');
    });

    it('in a batch in which one order is not known yet: only that one waits', async () => {
      const orderId = await place();
      await tell(of(orderId).reserved, StockReserved.example);
      expect(await statusNow(orderId)).toBe('reserved');
      expect(await at.deferred()).toHaveLength(1);
    });

    it('and tells when things happened, not when it heard of them', async () => {
      const orderId = await place();
      at.clock.advance(3_600_000);
      await tell(of(orderId).reserved);
      const { timeline } = await page(orderId);
      expect(timeline[1]).toEqual({ fact: 'reserved', at: '2026-03-02T12:00:00.000Z' });
      at.clock.advance(-3_600_000);
    });
  });

  describe('rejects an order that stock cannot fill', () => {
    it('and says which item is missing', async () => {
      const orderId = await place();
      await at.deliver('reject-order', of(orderId).missing);
      const [rejected] = await at.sentOf(OrderRejected);
      expect(rejected).toMatchObject({ orderId, reasons: ['71053: 2 requested, 1 available'] });
      expect(await statusNow(orderId)).toBe('rejected');
    });

    it('unless it was cancelled before', async () => {
      const orderId = await place();
      await at.deliver('cancel-order', of(orderId).stopped);
      await at.deliver('reject-order', of(orderId).missing);
      expect(await at.sentOf(OrderRejected)).toEqual([]);
      expect(await statusNow(orderId)).toBe('cancelled');
    });

    it('or cancels it, never both, when the two race', async () => {
      const ids = await Promise.all(Array.from({ length: 10 }, (_, index) => place(`N${index}`)));
      await Promise.all(
        ids.flatMap((id, index) => {
          const race = [
            () => at.deliver('reject-order', of(id).missing),
            () => at.deliver('cancel-order', of(id).stopped),
          ];
          return (index % 2 ? race : race.reverse()).map((run) => run());
        }),
      );
      const ends = [...(await at.sentOf(OrderRejected)), ...(await at.sentOf(OrderCancelled))].map(
        ({ orderId }) => orderId,
      );
      expect(ends.sort()).toEqual([...ids].sort());
    });
  });

  describe('cancels an order', () => {
    it('by asking the departments once, whoever asks and how often', async () => {
      const orderId = await place();
      const wish = (reason: string) =>
        OrderCancellationRequested.of({ channel: OrderSubmitted.example.channel, externalId: 'A', reason });
      await at.deliver('request-cancellation', wish('too late'), wish('too dear'));
      expect(await at.http('POST', `/orders/${orderId}/cancellation`, { reason: 'again' })).toMatchObject({
        status: 202,
        body: { orderId, status: 'placed' },
      });
      const [requested, ...more] = await at.sentOf(CancellationRequested);
      expect(requested).toMatchObject({ orderId, externalId: 'A', reason: 'too late' });
      expect(more).toEqual([]);
    });

    it('once when twenty wishes race through the HTTP door', async () => {
      const orderId = await place();
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => at.http('POST', `/orders/${orderId}/cancellation`, { reason: 'mistake' })),
      );
      expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(202));
      expect(await at.sentOf(CancellationRequested)).toHaveLength(1);
    });

    it('not while somebody holds it: whoever asks may ask again in a moment, and is told so', async () => {
      const orderId = await place();
      const ask = () => at.http('POST', `/orders/${orderId}/cancellation`, { reason: 'mistake' });
      const holder = at.source.createQueryRunner();
      await holder.startTransaction();
      await holder.query('select from orders where id = $1 for update', [orderId]);
      const refused = await ask().finally(async () => {
        await holder.rollbackTransaction();
        await holder.release();
      });
      expect([refused.status, refused.headers.get('retry-after'), refused.body.detail]).toEqual([
        ...[503, '5', 'Somebody else is at work on the same; try again.'],
      ]);
      expect(await at.sentOf(CancellationRequested)).toEqual([]);
      expect(await ask()).toMatchObject({ status: 202 });
    });

    it.each([true, false])('as fulfillment says: the goods had left the shelf is %s', async (wasPacked) => {
      const orderId = await place();
      const stopped = OrderStopped.of({ orderId, reason: 'bought twice', wasPacked });
      await at.deliver('cancel-order', stopped);
      expect(await at.sentOf(OrderCancelled)).toEqual([
        { orderId, channel: OrderSubmitted.example.channel, externalId: 'A', reasons: ['bought twice'], wasPacked },
      ]);
      expect(await page(orderId)).toMatchObject({
        status: 'cancelled',
        timeline: [{ fact: 'placed' }, { fact: 'cancelled', reasons: ['bought twice'] }],
      });
    });

    it('not when fulfillment refuses: the order goes on, and its page says why', async () => {
      const orderId = await place();
      await at.http('POST', `/orders/${orderId}/cancellation`, { reason: 'mistake' });
      await at.deliver('record-refusal', of(orderId).refused);
      expect((await page(orderId)).timeline.slice(1)).toEqual([
        expect.objectContaining({ fact: 'cancellation-requested', reasons: ['mistake'] }),
        expect.objectContaining({ fact: 'cancellation-refused', reasons: ['The parcel has left the house'] }),
      ]);
      expect(await at.http('POST', `/orders/${orderId}/cancellation`, { reason: 'mistake' })).toMatchObject({
        status: 409,
        body: { detail: expect.stringContaining('refused') },
      });
    });

    it.each(['rejected', 'completed'] as const)('not when it is %s', async (end) => {
      const orderId = await place();
      if (end === 'rejected') await at.deliver('reject-order', of(orderId).missing);
      else await tell(of(orderId).shipped, of(orderId).paid);
      const answer = await at.http('POST', `/orders/${orderId}/cancellation`, { reason: 'mistake' });
      expect(answer).toMatchObject({ status: 409, body: { detail: expect.stringContaining(end) } });
      expect(await at.sentOf(CancellationRequested)).toEqual([]);
    });

    it('not when it is completed, but a storefront that asks by queue is not left without an answer', async () => {
      const orderId = await place();
      await tell(of(orderId).shipped, of(orderId).paid);
      const { channel } = OrderSubmitted.example;
      const wish = OrderCancellationRequested.of({ channel, externalId: 'A', reason: 'mistake' });
      await at.deliver('request-cancellation', wish, messageOf(wish, { id: 'again' }));
      expect(await at.sentOf(CancellationRequested)).toMatchObject([{ orderId, reason: 'mistake' }]);
      await at.deliver('record-refusal', of(orderId).refused);
      const { status, timeline } = await page(orderId);
      expect(status).toBe('completed');
      expect(timeline.map(({ fact }: { fact: string }) => fact)).toEqual(
        expect.arrayContaining(['cancellation-requested', 'cancellation-refused']),
      );
    });

    it('not when it is rejected, and asks nobody: it is what the storefront wants it to be', async () => {
      const orderId = await place();
      await at.deliver('reject-order', of(orderId).missing);
      const { channel } = OrderSubmitted.example;
      const wish = OrderCancellationRequested.of({ channel, externalId: 'A', reason: 'mistake' });
      await at.deliver('request-cancellation', wish);
      expect(await at.sentOf(CancellationRequested)).toEqual([]);
      expect(await at.deferred()).toEqual([]);
    });

    it('that is known: a storefront may ask before the order arrives', async () => {
      await at.deliver('request-cancellation', OrderCancellationRequested.example);
      await at.deliver('place-order', OrderSubmitted.example);
      await at.retryDeferred();
      expect(await at.sentOf(CancellationRequested)).toHaveLength(1);
    });

    it('but not one that left the house: that is for a person to look at, and costs no other order', async () => {
      const [gone, here] = [await place('A'), await place('B')];
      await tell(of(gone).shipped);
      await at.deliver('cancel-order', of(gone).stopped, of(here).stopped);
      expect(await at.parked()).toEqual([expect.objectContaining({ cause: 'unprocessable' })]);
      expect([await statusNow(gone), await statusNow(here)]).toEqual(['shipped', 'cancelled']);
    });
  });

  describe('keeps a state that cannot lie', () => {
    it('so the database finds by status what the facts say, for every set of facts', async () => {
      const free = facts.filter((fact) => !['placed', 'cancellation-requested', 'cancellation-refused'].includes(fact));
      const sets = Array.from({ length: 2 ** free.length }, (_, bits) =>
        free.filter((_, index) => bits & (1 << index)),
      );
      const conditions = statuses.map((status) => `(${hasStatus(status)}) as "is ${status}"`).join(', ');
      const columns = ['placed', ...free, 'cancellation-requested', 'cancellation-refused'].map((fact) =>
        columnOf(fact as 'placed'),
      );
      const rows = (await at.source.query(
        `select ${FACT_COLUMNS}, ${conditions} from jsonb_to_recordset($1::jsonb) as o(${columns.map((c) => `${c} timestamptz`).join(', ')})`,
        [
          JSON.stringify(
            sets.map((set) =>
              Object.fromEntries(['placed' as const, ...set].map((f) => [columnOf(f), '2026-03-02T12:00:00Z'])),
            ),
          ),
        ],
      )) as (FactTimes & Record<string, boolean>)[];
      expect(rows).toHaveLength(256);
      for (const row of rows) expect(statuses.filter((status) => row[`is ${status}`])).toEqual([statusOf(row)]);
    });

    it.each([
      [
        'rejected and completed',
        'orders_one_end',
        'shipped_at = now(), paid_at = now(), completed_at = now(), rejected_at = now(), reasons = \'{"rejected": ["x"]}\'',
      ],
      [
        'rejected and cancelled',
        'orders_one_end',
        'cancelled_at = now(), rejected_at = now(), reasons = \'{"rejected": ["x"], "cancelled": ["x"]}\'',
      ],
      ['completed without being paid', 'orders_completed', 'shipped_at = now(), completed_at = now()'],
      ['completed without being shipped', 'orders_completed', 'paid_at = now(), completed_at = now()'],
      ['rejected without a reason', 'orders_rejected', 'rejected_at = now()'],
      ['cancelled without a reason', 'orders_cancelled', 'cancelled_at = now()'],
      ['of less than nothing', 'orders_total', 'total = -1'],
    ])('so the database refuses an order %s', async (_, constraint, changes) => {
      const orderId = await place();
      await expect(at.source.query(`update orders set ${changes} where id = $1`, [orderId])).rejects.toThrow(
        constraint,
      );
    });
  });
});
