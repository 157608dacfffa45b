import { OrderPacked, OrderShipped, OrderStopped } from '@retaguarda/contracts';
import { WrongSettings } from '@retaguarda/department';
import { inTransaction } from '@retaguarda/database';
import { OfflineDepartment } from '@retaguarda/testing';
import { FulfillmentMode } from '../src/fulfillment-mode.js';
import { fulfillment } from '../src/fulfillment.module.js';
import { WorkOpenPickLists } from '../src/pick-lists/work-open-pick-lists.js';
import { anOrder, BAG, CUPS, listOf, makeReady, open, pack, WRAP } from './orders.js';

let at: OfflineDepartment;
beforeAll(async () => {
  process.env['FULFILLMENT_MODE'] = 'auto';
  at = await OfflineDepartment.open(fulfillment);
});
afterAll(() => at.close());
beforeEach(() => at.reset());
afterEach(() => switchTo('auto'));

/** The mode is read once at the start; a switch is a restart. */
function switchTo(word: 'auto' | 'manual') {
  Object.assign(at.app.get(FulfillmentMode, { strict: false }), { isAuto: word === 'auto' });
}

const work = () => at.messaging.desk.run(fulfillment.process.rows.find(({ name }) => name === 'work-open-pick-lists')!);

describe('the built-in worker', () => {
  it('packs an order as soon as its stock is held and dispatches it with its invoice', async () => {
    const order = anOrder(1, { lines: [BAG, CUPS, WRAP] });
    await at.deliver('open-pick-list', order.reserved);
    const [packed] = await at.sentOf(OrderPacked);
    expect(packed).toMatchObject({
      orderId: order.orderId,
      parcels: [
        {
          lines: [
            { sku: 'BAG', quantity: 1 },
            { sku: 'CUP', quantity: 3 },
          ],
        },
      ],
    });
    expect(await listOf(at, order)).toMatchObject({ status: 'packed', wanted: 5, picked: 5 });
    await at.deliver('release-for-dispatch', order.invoiced);
    const { parcelId } = packed!.parcels[0]!;
    expect(await at.sentOf(OrderShipped)).toEqual([
      {
        orderId: order.orderId,
        method: 'ship',
        parcels: [{ parcelId, carrier: 'own', trackingCode: `RTG-${parcelId}` }],
      },
    ]);
    expect(await listOf(at, order)).toMatchObject({ status: 'shipped', invoice: { number: 1042 } });
  });

  it('hands pick-ups over, and needs no parcel for services', async () => {
    const orders = [anOrder(1, { method: 'pickup' }), anOrder(2, { lines: [WRAP], method: 'pickup' })];
    await at.deliver('open-pick-list', ...orders.map(({ reserved }) => reserved));
    await at.deliver('release-for-dispatch', ...orders.map(({ invoiced }) => invoiced));
    expect(await at.sentOf(OrderShipped)).toMatchObject([
      { method: 'pickup', parcels: [{ carrier: 'counter' }] },
      { method: 'none', parcels: [] },
    ]);
  });

  it('lets an early invoice wait and the rest of its batch go on', async () => {
    const [first, second] = [anOrder(1), anOrder(2)];
    await at.deliver('open-pick-list', first.reserved);
    await at.deliver('release-for-dispatch', second.invoiced, first.invoiced);
    expect(await at.sentOf(OrderShipped)).toMatchObject([{ orderId: first.orderId }]);
    expect(await at.deferred()).toMatchObject([{ reason: 'the order is not packed yet' }]);
  });

  it('packs no order that was stopped before it came, and stops one that is packed', async () => {
    const [early, late] = [anOrder(1), anOrder(2)];
    await at.deliver('stop-order', early.cancelled);
    await at.deliver('open-pick-list', early.reserved, late.reserved);
    await at.deliver('stop-order', late.cancelled);
    expect(await at.sentOf(OrderPacked)).toMatchObject([{ orderId: late.orderId }]);
    expect(await at.sentOf(OrderStopped)).toMatchObject([{ wasPacked: false }, { wasPacked: true }]);
  });

  it('never packs and forgets, when orders race with their cancellations', async () => {
    const orders = Array.from({ length: 50 }, (_, index) => anOrder(index + 1));
    await Promise.all(
      orders.flatMap(({ reserved, cancelled }, index) => {
        const both = [() => at.deliver('open-pick-list', reserved), () => at.deliver('stop-order', cancelled)];
        return (index % 2 === 0 ? both : both.reverse()).map((start) => start());
      }),
    );
    const packed = new Set((await at.sentOf(OrderPacked)).map(({ orderId }) => orderId));
    const stopped = await at.sentOf(OrderStopped);
    expect(stopped).toHaveLength(50);
    for (const { orderId, wasPacked } of stopped) expect(wasPacked).toBe(packed.has(orderId));
  });

  it('needs as many statements for 200 orders as for two', async () => {
    const statements = async (numbers: readonly number[]) => {
      const orders = numbers.map((number) => anOrder(number, { lines: [BAG, CUPS, WRAP] }));
      const seen: string[] = [];
      const { logger } = at.source;
      at.source.logger = { ...logger, logQuery: (sql: string) => seen.push(sql) } as never;
      await at.deliver('open-pick-list', ...orders.map(({ reserved }) => reserved));
      await at.deliver('release-for-dispatch', ...orders.map(({ invoiced }) => invoiced));
      await at.deliver('stop-order', ...orders.map(({ cancelled }) => cancelled));
      at.source.logger = logger;
      return seen.length;
    };
    const few = await statements([1001, 1002]);
    expect(few).toBeGreaterThan(10);
    expect(await statements(Array.from({ length: 200 }, (_, index) => index + 1))).toBe(few);
    expect(await at.sentOf(OrderShipped)).toHaveLength(202);
  });
});

describe('after a switch from manual to auto', () => {
  it('the worker finishes what lies there: open, picking and ready, once', async () => {
    switchTo('manual');
    const [opened, picking, ready, split] = [1, 2, 3, 4].map((number) => anOrder(number)) as [
      ReturnType<typeof anOrder>,
      ReturnType<typeof anOrder>,
      ReturnType<typeof anOrder>,
      ReturnType<typeof anOrder>,
    ];
    await open(at, opened);
    await at.http('POST', `/pick-lists/${(await open(at, picking)).id}/scans`, { code: 'CUP' });
    await makeReady(at, ready);
    const parcels = [{ lines: [{ sku: 'CUP', quantity: 3 }] }, { lines: [{ sku: 'BAG', quantity: 1 }] }];
    const { parcels: two } = await makeReady(at, split, { parcels });
    await at.http('POST', `/parcels/${two[0].id}/dispatch`, { carrier: 'Correios', trackingCode: 'AA1' });
    await work();
    expect(await at.sentOf(OrderShipped)).toEqual([]);

    switchTo('auto');
    await work();
    const packedNow = (await at.sentOf(OrderPacked)).map(({ orderId }) => orderId);
    expect(packedNow.slice(2)).toEqual([opened.orderId, picking.orderId]);
    expect(await at.sentOf(OrderShipped)).toMatchObject([
      { orderId: ready.orderId, parcels: [{ carrier: 'own' }] },
      { orderId: split.orderId, parcels: [{ carrier: 'Correios', trackingCode: 'AA1' }, { carrier: 'own' }] },
    ]);
    expect(await listOf(at, picking)).toMatchObject({ status: 'packed', picked: 4 });
    const before = [await at.state(), await at.sent()];
    await work();
    expect([await at.state(), await at.sent()]).toEqual(before);
  });

  it('a list with a shortage waits for a person, and a packed one for its invoice', async () => {
    switchTo('manual');
    const [short, packed] = [anOrder(1), anOrder(2)];
    const { id } = await open(at, short);
    await at.http('POST', `/pick-lists/${id}/shortages`, { sku: 'CUP', quantity: 1, reason: 'damaged' });
    await pack(at, packed);
    switchTo('auto');
    await work();
    expect([(await listOf(at, short)).status, (await listOf(at, packed)).status]).toEqual(['open', 'packed']);
    await at.deliver('release-for-dispatch', packed.invoiced);
    expect((await listOf(at, packed)).status).toBe('shipped');
  });

  it('a list whose shortage is reported while the worker comes to it is left to a person', async () => {
    switchTo('manual');
    const order = anOrder(1);
    const { id } = await open(at, order);
    switchTo('auto');
    const report = `insert into shortages (pick_list_id, sku, reason, quantity, reported_at) values ($1, 'CUP', 'damaged', 1, now())`;
    await inTransaction(at.source, at.clock, async (tx) => {
      const query = tx.query.bind(tx);
      let statements = 0;
      const reporting = async (sql: string, parameters?: unknown[]) => {
        if ((statements += 1) === 2) await at.source.query(report, [id]);
        return query(sql, parameters);
      };
      await at.app.get(WorkOpenPickLists, { strict: false }).run(Object.assign(tx, { query: reporting }));
    });
    expect((await listOf(at, order)).status).toBe('open');
  });
});

it('does not start with a mode that is neither', async () => {
  process.env['FULFILLMENT_MODE'] = 'automatic';
  const refusal = new WrongSettings('FULFILLMENT_MODE must be manual or auto');
  await expect(OfflineDepartment.open(fulfillment)).rejects.toThrow(refusal);
});
