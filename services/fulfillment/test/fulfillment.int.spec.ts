import { CancellationRefused, OrderPacked, OrderShipped, OrderStopped, StockReserved } from '@retaguarda/contracts';
import { messageOf, OfflineDepartment } from '@retaguarda/testing';
import { fulfillment } from '../src/fulfillment.module.js';
import { anOrder, BAG, CUPS, listOf, makeReady, open, pack, pick, ship, WRAP } from './orders.js';

let at: OfflineDepartment;
beforeAll(async () => {
  at = await OfflineDepartment.open(fulfillment);
});
afterAll(() => at.close());
beforeEach(() => at.reset());

const scan = (id: string, body: object) => at.http('POST', `/pick-lists/${id}/scans`, body);
const order = anOrder(1);

describe('picking by scan', () => {
  it('counts what was scanned and says how far the list is', async () => {
    const { id, status } = await open(at, order);
    expect(status).toBe('open');
    expect(await scan(id, { code: 'CUP', quantity: 2 })).toMatchObject({
      status: 200,
      body: {
        status: 'picking',
        wanted: 4,
        picked: 2,
        lines: [
          { sku: 'BAG', location: 'main', quantity: 1, picked: 0 },
          { sku: 'CUP', location: 'main', quantity: 3, picked: 2 },
        ],
      },
    });
    expect((await scan(id, { code: 'CUP' })).body).toMatchObject({ picked: 3 });
  });

  it('refuses a wrong item on the spot, counts the mis-scan and changes nothing', async () => {
    const { id } = await open(at, order);
    const before = await listOf(at, order);
    expect(await scan(id, { code: 'HAT' })).toMatchObject({
      status: 409,
      body: { detail: 'HAT is not on this pick list. Nothing was picked.', errors: [{ field: 'code' }] },
    });
    await scan(id, { code: 'HAT' });
    expect(await listOf(at, order)).toEqual({ ...before, misScans: 2 });
  });

  it('refuses more pieces than ordered and says how many are wanted', async () => {
    const { id } = await open(at, order);
    expect(await scan(id, { code: 'CUP', quantity: 4 })).toMatchObject({
      status: 409,
      body: { detail: 'The list wants only 3 more of CUP. Nothing was picked.', errors: [{ field: 'quantity' }] },
    });
    await scan(id, { code: 'BAG' });
    const { status, body } = await scan(id, { code: 'BAG' });
    expect([status, body.detail]).toEqual([409, 'The list wants no more of BAG. Nothing was picked.']);
    expect(await listOf(at, order)).toMatchObject({ picked: 1, misScans: 0 });
  });

  it('counts a scan that the scanner sends again once, also when it was refused', async () => {
    const { id } = await open(at, order);
    const [first, wrong] = ['019c9f4e-0000-7000-8000-000000000001', '019c9f4e-0000-7000-8000-000000000002'];
    const body = { code: 'CUP', scanId: first };
    const once = await scan(id, body);
    expect(await scan(id, body)).toMatchObject({ status: 200, body: once.body });
    expect((await scan(id, { code: 'HAT', scanId: wrong })).status).toBe(409);
    expect((await scan(id, { code: 'HAT', scanId: wrong })).status).toBe(409);
    expect(await listOf(at, order)).toMatchObject({ picked: 1, misScans: 1 });
    expect((await scan(id, { code: 'BAG', scanId: first })).body.detail).toContain('was another scan');
  });

  it('takes no scan once the order is packed or stopped', async () => {
    const { id } = await pack(at, order);
    expect((await scan(id, { code: 'CUP' })).body).toMatchObject({
      status: 409,
      detail: 'The order is packed; nothing more can be picked.',
    });
    await at.deliver('stop-order', order.cancelled);
    expect((await scan(id, { code: 'CUP' })).body.detail).toBe(
      'The order was stopped (Comprei por engano); nothing of it can be picked.',
    );
  });
});

describe('a shortage', () => {
  const report = (id: string, body: object) => at.http('POST', `/pick-lists/${id}/shortages`, body);

  it('keeps the order from being packed, by name, until the pieces were scanned after all', async () => {
    const { id } = await open(at, order);
    await scan(id, { code: 'CUP' });
    await scan(id, { code: 'BAG' });
    const shortage = { sku: 'CUP', quantity: 1, reason: 'not-on-shelf', note: 'looked behind too' };
    expect(await report(id, shortage)).toMatchObject({
      status: 201,
      body: { openShortages: 1, shortages: [{ ...shortage, isOpen: true }] },
    });
    const { status, body } = await at.http('POST', `/pick-lists/${id}/pack`);
    expect([status, body.detail]).toEqual([
      409,
      'The order cannot be packed: 2 of CUP to be picked (shortage: 1 not-on-shelf).',
    ]);
    expect(await scan(id, { code: 'CUP', quantity: 2 })).toMatchObject({
      body: { openShortages: 0, shortages: [{ isOpen: false }] },
    });
    expect((await at.http('POST', `/pick-lists/${id}/pack`)).status).toBe(200);
  });

  it('reported again counts with its new quantity', async () => {
    const { id } = await open(at, order);
    await report(id, { sku: 'CUP', quantity: 3, reason: 'damaged' });
    const { body } = await report(id, { sku: 'CUP', quantity: 2, reason: 'damaged' });
    expect(body.shortages).toEqual([{ sku: 'CUP', quantity: 2, reason: 'damaged', isOpen: true }]);
    expect((await report(id, { sku: 'CUP', quantity: 1, reason: 'expired' })).status).toBe(201);
  });

  it('cannot be of more than is still to be picked, of another item or of a service', async () => {
    const mixed = anOrder(2, { lines: [CUPS, BAG, WRAP] });
    const { id } = await open(at, mixed);
    await scan(id, { code: 'BAG' });
    await report(id, { sku: 'CUP', quantity: 1, reason: 'damaged' });
    const refused = [
      { sku: 'CUP', quantity: 3, reason: 'not-on-shelf' },
      { sku: 'HAT', quantity: 1, reason: 'other' },
      { sku: 'BAG', quantity: 1, reason: 'other' },
      { sku: 'WRAP', quantity: 1, reason: 'other' },
    ];
    const details = [];
    for (const body of refused) details.push((await report(id, body)).body.detail);
    expect(details).toEqual([
      '3 of CUP are still to be picked, so at most 2 can be short.',
      'HAT is not on this pick list.',
      'All of BAG is picked already.',
      'WRAP is a service; it has no shelf to be missing from.',
    ]);
    expect((await listOf(at, mixed)).shortages).toHaveLength(1);
  });
});

describe('packing', () => {
  it('puts all goods into one parcel and tells invoicing', async () => {
    const { status, parcels } = await pack(at, order);
    expect([status, parcels]).toEqual(['packed', [expect.objectContaining({ dispatchedAt: null })]]);
    const lines = [
      { sku: 'BAG', quantity: 1 },
      { sku: 'CUP', quantity: 3 },
    ];
    expect(await at.sentOf(OrderPacked)).toEqual([
      { orderId: order.orderId, parcels: [{ parcelId: parcels[0].id, lines }], order: order.reserved.order },
    ]);
  });

  it('is refused while anything is missing, and names it', async () => {
    const mixed = anOrder(2, { lines: [CUPS, WRAP] });
    const { id } = await open(at, mixed);
    await scan(id, { code: 'CUP', quantity: 2 });
    const { status, body } = await at.http('POST', `/pick-lists/${id}/pack`);
    expect([status, body.detail]).toEqual([
      409,
      'The order cannot be packed: 1 of CUP to be picked, 1 of WRAP to be performed.',
    ]);
    expect(await at.sent()).toEqual([]);
  });

  it('twice has the same answer and one event', async () => {
    const packed = await pack(at, order);
    expect(await at.http('POST', `/pick-lists/${packed.id}/pack`, {})).toMatchObject({ status: 200, body: packed });
    expect(await at.sentOf(OrderPacked)).toHaveLength(1);
  });

  it('may take several parcels that add up to exactly what was picked', async () => {
    const { id } = await open(at, order);
    await pick(at, order);
    const packing = (...contents: object[][]) =>
      at.http('POST', `/pick-lists/${id}/pack`, { parcels: contents.map((lines) => ({ lines })) });
    const [one, two] = [
      [{ sku: 'CUP', quantity: 2 }],
      [
        { sku: 'CUP', quantity: 1 },
        { sku: 'BAG', quantity: 1 },
      ],
    ];
    expect(await packing(one, one)).toMatchObject({
      status: 422,
      body: { errors: [{ field: 'parcels', problem: '1 of BAG too few, 1 of CUP too many' }] },
    });
    expect((await packing()).status).toBe(422);
    expect(await packing(one, two)).toMatchObject({ status: 200, body: { parcels: [{ lines: one }, { lines: two }] } });
    expect((await packing(two, one)).status).toBe(200);
    expect((await packing([...one, ...two])).body.detail).toBe('The order is already packed in other parcels.');
    expect(await at.sentOf(OrderPacked)).toHaveLength(1);
  });
});

describe('dispatch', () => {
  it('takes the number of a parcel in capital letters as well, as some scanners send it', async () => {
    const { parcels } = await makeReady(at, order);
    const answer = await at.http('POST', `/parcels/${parcels[0].id.toUpperCase()}/dispatch`);
    expect(answer.status).toBe(200);
  });

  it('waits for the invoice', async () => {
    const { parcels } = await pack(at, order);
    const early = await at.http('POST', `/parcels/${parcels[0].id}/dispatch`);
    expect([early.status, early.body.detail]).toEqual([
      409,
      'The parcel waits for its invoice; it may not leave without.',
    ]);
    await at.deliver('release-for-dispatch', order.invoiced);
    expect(await listOf(at, order)).toMatchObject({ status: 'ready', invoice: { series: '1', number: 1042 } });
    const left = await at.http('POST', `/parcels/${parcels[0].id}/dispatch`);
    const trackingCode = `RTG-${parcels[0].id}`;
    expect(left).toMatchObject({ status: 200, body: { carrier: 'own', trackingCode, orderId: order.orderId } });
    expect(await at.sentOf(OrderShipped)).toEqual([
      { orderId: order.orderId, method: 'ship', parcels: [{ parcelId: parcels[0].id, carrier: 'own', trackingCode }] },
    ]);
  });

  it('keeps the carrier and its tracking code; again it has the same answer and no event', async () => {
    const { parcels } = await makeReady(at, order);
    const dispatch = (body?: object) => at.http('POST', `/parcels/${parcels[0].id}/dispatch`, body);
    const label = { carrier: 'Correios', trackingCode: 'AA123456785BR' };
    const left = await dispatch(label);
    expect(left.body).toMatchObject(label);
    at.clock.advance(60_000);
    expect((await dispatch()).body).toEqual(left.body);
    expect((await dispatch(label)).body).toEqual(left.body);
    expect((await dispatch({ carrier: 'Jadlog' })).body.detail).toBe(
      'The parcel already left with Correios as AA123456785BR.',
    );
    expect(await at.sentOf(OrderShipped)).toHaveLength(1);
  });

  it('ships the order with its last parcel, and not before', async () => {
    const parcels = [{ lines: [{ sku: 'CUP', quantity: 3 }] }, { lines: [{ sku: 'BAG', quantity: 1 }] }];
    const list = await makeReady(at, order, { parcels });
    const dispatch = (id: string) => at.http('POST', `/parcels/${id}/dispatch`);
    await dispatch(list.parcels[0].id);
    expect([(await listOf(at, order)).status, await at.sentOf(OrderShipped)]).toEqual(['ready', []]);
    await dispatch(list.parcels[1].id);
    expect((await listOf(at, order)).status).toBe('shipped');
    const [shipped] = await at.sentOf(OrderShipped);
    expect(shipped!.parcels.map(({ parcelId }) => parcelId)).toEqual(list.parcels.map(({ id }: { id: string }) => id));
  });

  it('of a pick-up order is the hand-over at the counter', async () => {
    const pickup = anOrder(3, { method: 'pickup' });
    const { parcels } = await ship(at, pickup);
    const trackingCode = `RTG-${parcels[0].id}`;
    expect(await at.sentOf(OrderShipped)).toEqual([
      {
        orderId: pickup.orderId,
        method: 'pickup',
        parcels: [{ parcelId: parcels[0].id, carrier: 'counter', trackingCode }],
      },
    ]);
  });
});

describe('services', () => {
  it('of an order without goods need no parcel: it is shipped as soon as its invoice is there', async () => {
    const services = anOrder(4, { lines: [WRAP] });
    expect(await pack(at, services)).toMatchObject({ status: 'packed', method: 'none', parcels: [] });
    expect(await at.sentOf(OrderPacked)).toMatchObject([{ parcels: [] }]);
    await at.deliver('release-for-dispatch', services.invoiced);
    expect(await at.sentOf(OrderShipped)).toEqual([{ orderId: services.orderId, method: 'none', parcels: [] }]);
    expect((await listOf(at, services)).status).toBe('shipped');
  });

  it('of a mixed order are performed before packing and lie in no parcel', async () => {
    const { parcels } = await pack(at, anOrder(5, { lines: [BAG, WRAP] }));
    expect(parcels).toMatchObject([{ lines: [{ sku: 'BAG', quantity: 1 }] }]);
  });
});

describe('a reservation that lacks what the order wants', () => {
  it('is parked with its reason, and the rest of the batch goes on', async () => {
    const other = anOrder(6);
    const short = StockReserved.of({ ...order.reserved, lines: order.reserved.lines.slice(1) });
    await at.deliver('open-pick-list', short, other.reserved);
    expect(await at.parked()).toMatchObject([
      { cause: 'unprocessable', reasons: [{ problem: expect.stringContaining('lacks 1 of BAG') }] },
    ]);
    expect((await listOf(at, other)).status).toBe('open');
  });
});

describe('a cancellation', () => {
  const cancel = () => at.deliver('stop-order', order.cancelled);
  const stopped = (wasPacked: boolean) => [{ orderId: order.orderId, reason: 'Comprei por engano', wasPacked }];

  it('that comes before the order stops it, and the order finds itself stopped', async () => {
    await cancel();
    await at.deliver('open-pick-list', order.reserved);
    expect(await at.sent()).toMatchObject([{ data: stopped(false)[0] }]);
    expect(await listOf(at, order)).toMatchObject({ status: 'stopped', lines: [], recipient: null });
  });

  it.each([
    ['open', open, false],
    ['picking', async () => scan((await open(at, order)).id, { code: 'BAG' }), false],
    ['packed', pack, true],
    ['ready', makeReady, true],
  ])('of an order that is %s stops it, once', async (status, given, wasPacked) => {
    await given(at, order);
    expect((await listOf(at, order)).status).toBe(status);
    await cancel();
    await at.deliver('stop-order', messageOf(order.cancelled, { id: 'asked again' }));
    expect(await at.sentOf(OrderStopped)).toEqual(stopped(wasPacked));
    expect(await listOf(at, order)).toMatchObject({ status: 'stopped', stopReason: 'Comprei por engano' });
  });

  it('of a packed order leaves an invoice nothing to release, and its parcel stays', async () => {
    const { parcels } = await pack(at, order);
    await cancel();
    await at.deliver('release-for-dispatch', order.invoiced);
    expect(await at.deferred()).toEqual([]);
    const { status, body } = await at.http('POST', `/parcels/${parcels[0].id}/dispatch`);
    expect([status, body.detail]).toEqual([
      409,
      'The order was stopped (Comprei por engano); nothing of it can be dispatched.',
    ]);
  });

  it.each([
    ['shipped', order, 'the order left on 2026-03-02'],
    ['handed over', anOrder(1, { method: 'pickup' }), 'the order was handed over on 2026-03-02'],
    ['performed', anOrder(1, { lines: [WRAP] }), 'the services were performed and invoiced on 2026-03-02'],
  ])('of an order that is %s is refused, once, with the reason', async (_, gone, reason) => {
    await ship(at, gone);
    await cancel();
    await at.deliver('stop-order', messageOf(order.cancelled, { id: 'asked again' }));
    expect(await at.sentOf(CancellationRefused)).toEqual([{ orderId: order.orderId, reason }]);
    expect(await at.sentOf(OrderStopped)).toEqual([]);
  });

  it('is refused as soon as the first of several parcels left', async () => {
    const parcels = [{ lines: [{ sku: 'CUP', quantity: 3 }] }, { lines: [{ sku: 'BAG', quantity: 1 }] }];
    const list = await makeReady(at, order, { parcels });
    await at.http('POST', `/parcels/${list.parcels[1].id}/dispatch`);
    await cancel();
    expect(await at.sentOf(CancellationRefused)).toMatchObject([
      { reason: 'a parcel of the order left on 2026-03-02' },
    ]);
    expect((await at.http('POST', `/parcels/${list.parcels[0].id}/dispatch`)).status).toBe(200);
    expect(await at.sentOf(OrderShipped)).toHaveLength(1);
  });
});
