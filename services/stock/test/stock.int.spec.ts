import {
  AvailabilityChanged,
  OrderCancelled,
  OrderPacked,
  OrderPlaced,
  StockRejected,
  StockReserved,
} from '@retaguarda/contracts';
import { eventually, messageOf, OfflineDepartment } from '@retaguarda/testing';
import { stock } from '../src/stock.module.js';

const uuid = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const lamps = (n: number, quantity: number) =>
  OrderPlaced.of({
    ...OrderPlaced.example,
    orderId: uuid(n),
    externalId: `order-${n}`,
    lines: [{ ...OrderPlaced.example.lines[0]!, line: 1, sku: 'LAMP', quantity, unitPrice: 100, discount: 0 }],
    shippingFee: 0,
    total: 100 * quantity,
  });
const packed = (n: number) => OrderPacked.of({ ...OrderPacked.example, orderId: uuid(n) });
const cancelled = (n: number) => OrderCancelled.of({ ...OrderCancelled.example, orderId: uuid(n) });

describe('stock', () => {
  let at: OfflineDepartment;
  beforeAll(async () => {
    at = await OfflineDepartment.open(stock);
  });
  afterAll(() => at.close());
  beforeEach(() => at.reset());

  const receive = (reference: string, quantity: number, location?: string) =>
    at.http('POST', '/receipts', {
      reference,
      ...(location ? { location } : {}),
      lines: [{ sku: 'LAMP', name: 'Lamp', quantity }],
    });
  const level = async () =>
    (await at.http('GET', '/items/LAMP')).body as { onHand: number; reserved: number; available: number };
  const announce = async () => {
    await at.messaging.desk.run(stock.process.rows.find(({ name }) => name === 'announce-availability')!);
    return (await at.sentOf(AvailabilityChanged)).map(({ available }) => available);
  };

  it('gives 50 lamps to exactly 50 of 200 orders that race for them on 20 consumers', async () => {
    await receive('r1', 50);
    const batches = Array.from({ length: 20 }, (_, consumer) =>
      Array.from({ length: 10 }, (_, n) => lamps(consumer * 10 + n, 1)),
    );
    await Promise.all(batches.map((batch) => at.deliver('reserve-stock', ...batch)));
    const rejected = await at.sentOf(StockRejected);
    expect(await at.sentOf(StockReserved)).toHaveLength(50);
    expect(rejected).toHaveLength(150);
    expect(
      rejected.every(
        ({ missing }) => missing[0]!.sku === 'LAMP' && missing[0]!.requested === 1 && missing[0]!.available === 0,
      ),
    ).toBe(true);
    expect(await level()).toMatchObject({ onHand: 50, reserved: 50, available: 0 });
  });

  it('decides on what is there when its turn comes, not on what was there when it started to look', async () => {
    await receive('r1', 50);
    const other = at.source.createQueryRunner();
    await other.startTransaction();
    await other.query('update levels set reserved = 45');
    const reserving = at.deliver('reserve-stock', lamps(1, 10));
    const waiting = () =>
      at.source.query(`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`);
    await eventually(waiting, (rows: unknown[]) => rows.length > 0);
    await other.commitTransaction();
    await other.release();
    await reserving;
    expect(await at.sentOf(StockRejected)).toMatchObject([{ missing: [{ requested: 10, available: 5 }] }]);
    expect(await at.deferred()).toEqual([]);
  });

  it('never promises more than there is while orders, cancellations, packing, receipts and counts race', async () => {
    await receive('r1', 40);
    const orders = Array.from({ length: 60 }, (_, n) => n);
    await Promise.all([
      ...orders.map((n) => at.deliver('reserve-stock', lamps(n, 1 + (n % 3)))),
      ...orders.filter((n) => n % 3 === 0).map((n) => at.deliver('release-stock', cancelled(n))),
      ...orders.filter((n) => n % 4 === 1).map((n) => at.deliver('take-from-shelf', packed(n))),
      ...orders.filter((n) => n % 10 === 0).map((n) => receive(`late ${n}`, 3)),
    ]);
    for (let round = 0; round < 3; round += 1) await at.retryDeferred();
    const [sums] = (await at.source.query(`
      select l.on_hand, l.reserved, (select sum(quantity)::int from movements) as moved,
             (select coalesce(sum(quantity), 0)::int from reservation_lines join reservations using (order_id) where status = 'reserved') as held
        from levels l`)) as { on_hand: number; reserved: number; moved: number; held: number }[];
    expect(sums!.on_hand).toBe(sums!.moved);
    expect(sums!.reserved).toBe(sums!.held);
    expect(sums!.reserved).toBeLessThanOrEqual(sums!.on_hand);
  });

  it('puts nothing on the shelf twice: a receipt counts once, and another delivery needs another reference', async () => {
    expect(await Promise.all(Array.from({ length: 10 }, () => receive('r1', 5)))).toEqual(
      Array(10).fill(expect.objectContaining({ status: 201 })),
    );
    expect(await level()).toMatchObject({ onHand: 5 });
    expect(await receive('r1', 6)).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('use a new reference') },
    });
  });

  it('takes an order from two locations when neither has enough', async () => {
    await receive('r1', 2, 'attic');
    await receive('r2', 2, 'cellar');
    await at.deliver('reserve-stock', lamps(1, 3));
    const [event] = await at.sentOf(StockReserved);
    expect(event!.lines.map(({ location, quantity }) => [location, quantity])).toEqual([
      ['attic', 2],
      ['cellar', 1],
    ]);
  });

  it('reserves an order of services without any stock', async () => {
    const service = lamps(1, 1);
    service.lines[0]!.kind = 'service';
    await at.deliver('reserve-stock', service);
    expect(await at.sentOf(StockReserved)).toMatchObject([{ lines: [] }]);
  });

  it('puts goods back that were packed before the cancellation arrived', async () => {
    await receive('r1', 5);
    await at.deliver('reserve-stock', lamps(1, 2));
    await at.deliver('take-from-shelf', packed(1));
    expect(await level()).toMatchObject({ onHand: 3, reserved: 0 });
    await at.deliver('release-stock', cancelled(1));
    expect(await level()).toMatchObject({ onHand: 5, reserved: 0 });
    const kinds = (await at.http('GET', '/movements?sku=LAMP')).body.items.map(({ kind }: { kind: string }) => kind);
    expect(kinds).toEqual(['receipt', 'sale', 'return']);
  });

  it('leaves the shelf as it was when the cancellation overtakes the packing', async () => {
    await receive('r1', 5);
    await at.deliver('reserve-stock', lamps(1, 2));
    await at.deliver('release-stock', cancelled(1));
    await at.deliver('take-from-shelf', packed(1));
    expect(await level()).toMatchObject({ onHand: 5, reserved: 0 });
    expect(await at.parked()).toEqual([]);
  });

  it('does not reserve for an order whose cancellation came first', async () => {
    await receive('r1', 5);
    await at.deliver('release-stock', cancelled(1));
    await at.deliver('reserve-stock', lamps(1, 2));
    expect(await level()).toMatchObject({ reserved: 0 });
    expect(await at.sent()).toEqual([]);
  });

  it('parks the packing of an order that it rejected: somebody packed what was not there', async () => {
    await at.deliver('reserve-stock', lamps(1, 2));
    await at.deliver('take-from-shelf', packed(1));
    expect(await at.parked()).toMatchObject([
      { cause: 'unprocessable', reasons: [{ problem: expect.stringContaining('was rejected') }] },
    ]);
  });

  it('tells storefronts what is available once for all changes since the last time', async () => {
    await receive('r1', 10);
    await at.deliver('reserve-stock', lamps(1, 1), lamps(2, 1), lamps(3, 1));
    expect(await announce()).toEqual([7]);
    expect(await announce()).toEqual([7]);
    await at.deliver('release-stock', cancelled(1));
    expect(await announce()).toEqual([7]);
    await at.deliver('release-stock', cancelled(2));
    at.clock.advance(3_001);
    expect(await announce()).toEqual([7, 9]);
  });

  it('tells storefronts at once that nothing is left, and that there is something again', async () => {
    await receive('r1', 2);
    expect(await announce()).toEqual([2]);
    await at.deliver('reserve-stock', lamps(1, 2));
    expect(await announce()).toEqual([2, 0]);
    await at.deliver('release-stock', cancelled(1));
    expect(await announce()).toEqual([2, 0, 2]);
  });

  it('keeps nothing in the journal of what it tells storefronts: a recovery does not tell it again', async () => {
    await receive('r1', 2);
    expect(await announce()).toEqual([2]);
    const kept = await at.source.query(`select 1 from outbox where journal like '%announce-availability%'`);
    expect(kept).toEqual([]);
  });

  it('tells storefronts what is available although a clock had been ahead by an hour', async () => {
    await receive('r1', 2);
    at.clock.advance(3_600_000);
    await announce();
    at.clock.advance(-3_600_000);
    await at.deliver('reserve-stock', lamps(1, 1));
    expect(await announce()).toEqual([2, 1]);
  });

  it('needs the same number of statements for 200 orders as for one', async () => {
    await receive('r1', 1_000);
    const statements = async (...orders: object[]) => {
      const seen: string[] = [];
      const { manager } = at.source;
      const original = Object.getPrototypeOf(manager).query;
      const spy = function (this: unknown, sql: string, ...rest: unknown[]) {
        seen.push(sql);
        return original.call(this, sql, ...rest);
      };
      Object.getPrototypeOf(manager).query = spy;
      await at.deliver('reserve-stock', ...orders).finally(() => (Object.getPrototypeOf(manager).query = original));
      return seen.length;
    };
    const forOne = await statements(lamps(1, 1));
    const forMany = await statements(...Array.from({ length: 200 }, (_, n) => lamps(n + 10, 1)));
    expect(forOne).toBeGreaterThan(4);
    expect(forMany).toBe(forOne);
  });

  it('sets a level to what was counted and keeps the difference in the ledger, but counts nothing away that orders hold', async () => {
    await receive('r1', 10);
    await at.deliver('reserve-stock', lamps(1, 4));
    const count = (reference: string, quantity: number, sku = 'LAMP') =>
      at.http('POST', '/counts', { reference, lines: [{ sku, quantity }] });
    expect(await count('c1', 8)).toMatchObject({ status: 204 });
    expect(await level()).toMatchObject({ onHand: 8, reserved: 4 });
    expect(await count('c2', 3)).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('LAMP (3 counted, 4 reserved)') },
    });
    expect(await count('c2', 1, 'VASE')).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('VASE') },
    });
  });

  it('counts a shelf once under a reference: sent again after a sale, the count invents no stock', async () => {
    await receive('r1', 10);
    const count = (quantity: number, location = 'main') =>
      at.http('POST', '/counts', { reference: 'c1', location, lines: [{ sku: 'LAMP', quantity }] });
    expect(await count(9)).toMatchObject({ status: 204 });
    await at.deliver('reserve-stock', lamps(1, 4));
    await at.deliver('take-from-shelf', packed(1));
    const again = await Promise.all(Array.from({ length: 5 }, () => count(9)));
    expect(again.map(({ status }) => status)).toEqual(Array(5).fill(204));
    expect(await level()).toMatchObject({ onHand: 5, reserved: 0 });
    for (const other of [await count(8), await count(9, 'attic')])
      expect(other).toMatchObject({
        status: 409,
        body: { detail: expect.stringContaining('c1 was already counted with other results') },
      });
    expect(await level()).toMatchObject({ onHand: 5 });
  });

  it('keeps no reference of a count that it refused, so that it can be sent again', async () => {
    await receive('r1', 10);
    await at.deliver('reserve-stock', lamps(1, 4));
    const count = () => at.http('POST', '/counts', { reference: 'c1', lines: [{ sku: 'LAMP', quantity: 3 }] });
    expect(await count()).toMatchObject({ status: 409 });
    await at.deliver('release-stock', cancelled(1));
    expect(await count()).toMatchObject({ status: 204 });
    expect(await level()).toMatchObject({ onHand: 3 });
  });

  it('refuses a count with two results for one item, and names it', async () => {
    await receive('r1', 10);
    const lines = [8, 9].map((quantity) => ({ sku: 'LAMP', quantity }));
    expect(await at.http('POST', '/counts', { reference: 'c1', lines })).toMatchObject({
      status: 422,
      body: { detail: expect.stringContaining('LAMP') },
    });
    expect(await level()).toMatchObject({ onHand: 10 });
  });

  it('refuses in its own database what its code should never ask for', async () => {
    await receive('r1', 5);
    const violates = (sql: string) => expect(at.source.query(sql)).rejects.toThrow(/constraint/);
    await violates(`update levels set reserved = 6`);
    await violates(`update levels set reserved = -1`);
    await violates(
      `insert into movements (sku, location, kind, quantity, reference, moved_at) values ('LAMP', 'main', 'sale', 0, 'x', now())`,
    );
  });

  it.each([
    ['broken JSON', '{"reference":', 400, ''],
    ['no object', '[]', 422, ''],
    ['no reference', { lines: [{ sku: 'LAMP', quantity: 1 }] }, 422, 'reference'],
    ['no lines', { reference: 'r', lines: [] }, 422, 'lines'],
    ['a negative quantity', { reference: 'r', lines: [{ sku: 'LAMP', quantity: -1 }] }, 422, 'lines[0].quantity'],
    ['a fraction', { reference: 'r', lines: [{ sku: 'LAMP', quantity: 1.5 }] }, 422, 'lines[0].quantity'],
    ['a text as quantity', { reference: 'r', lines: [{ sku: 'LAMP', quantity: '1' }] }, 422, 'lines[0].quantity'],
    ['an unsafe number', { reference: 'r', lines: [{ sku: 'LAMP', quantity: 1e300 }] }, 422, 'lines[0].quantity'],
    ['a SKU that is too long', { reference: 'r', lines: [{ sku: 'L'.repeat(61), quantity: 1 }] }, 422, 'lines[0].sku'],
    ['a null byte', { reference: 'r\u0000', lines: [{ sku: 'LAMP', quantity: 1 }] }, 422, 'reference'],
    [
      'a dangerous key',
      '{"reference":"r","lines":[{"sku":"LAMP","quantity":1}],"__proto__":{"admin":true}}',
      422,
      '__proto__',
    ],
    ['10,000 lines', { reference: 'r', lines: Array(10_000).fill({ sku: 'LAMP', quantity: 1 }) }, 422, 'lines'],
  ])('answers %s at POST /receipts with a problem that names the field', async (_what, body, status, field) => {
    const answer = await at.http('POST', '/receipts', body);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    if (field) expect(answer.body.errors.map((error: { field: string }) => error.field)).toContain(field);
    expect((await at.state())['movements']).toEqual([]);
  });

  it.each(['/items?limit=0', '/items?limit=x', '/items?limit=201', '/movements', '/movements?sku=LAMP&cursor=x'])(
    'answers GET %s with 400',
    async (path) => {
      expect(await at.http('GET', path)).toMatchObject({
        status: 400,
        body: { status: 400, errors: expect.any(Array) },
      });
    },
  );

  it('pages through items and movements', async () => {
    const lines = Array.from({ length: 5 }, (_, n) => ({ sku: `SKU-${n}`, quantity: 1 }));
    await at.http('POST', '/receipts', { reference: 'r', lines });
    const first = (await at.http('GET', '/items?limit=3')).body;
    const second = (await at.http('GET', `/items?limit=3&cursor=${first.next}`)).body;
    expect([...first.items, ...second.items].map(({ sku }: { sku: string }) => sku)).toEqual(
      lines.map(({ sku }) => sku),
    );
    expect(second.next).toBeUndefined();
    expect(await at.http('GET', '/items/NOPE')).toMatchObject({ status: 404 });
  });

  it('reads the first of two messages about one order only', async () => {
    await receive('r1', 5);
    await at.deliver('reserve-stock', lamps(1, 2), messageOf(lamps(1, 3), { id: 'other facts' }));
    expect(await level()).toMatchObject({ reserved: 2 });
  });
});
