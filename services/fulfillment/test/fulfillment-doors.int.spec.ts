import { OfflineDepartment } from '@retaguarda/testing';
import { fulfillment } from '../src/fulfillment.module.js';
import { anOrder, listOf, makeReady, open, pack, pick, ship } from './orders.js';

let at: OfflineDepartment;
beforeAll(async () => {
  at = await OfflineDepartment.open(fulfillment);
});
afterAll(() => at.close());
beforeEach(() => at.reset());

const PROBLEM = expect.stringMatching(/^application\/problem\+json/);
const NOBODY = '019c9f4e-0000-7000-8000-00000000dead';

describe('the door', () => {
  it.each([
    ['scans', {}, ['code']],
    ['scans', { code: '' }, ['code']],
    ['scans', { code: 7 }, ['code']],
    ['scans', { code: ' CUP' }, ['code']],
    ['scans', { code: 'C\u0000P' }, ['code']],
    ['scans', { code: 'x'.repeat(61) }, ['code']],
    ['scans', { code: 'CUP', quantity: 0 }, ['quantity']],
    ['scans', { code: 'CUP', quantity: -1 }, ['quantity']],
    ['scans', { code: 'CUP', quantity: 1.5 }, ['quantity']],
    ['scans', { code: 'CUP', quantity: '1' }, ['quantity']],
    ['scans', { code: 'CUP', quantity: 1e9 }, ['quantity']],
    ['scans', { code: 'CUP', scanId: '7' }, ['scanId']],
    ['scans', [], ['']],
    ['scans', null, ['']],
    ['scans', { code: 'CUP', constructor: {} }, ['constructor']],
    ['shortages', {}, ['sku', 'quantity', 'reason']],
    ['shortages', { sku: 'CUP', quantity: 1, reason: 'lost' }, ['reason']],
    ['shortages', { sku: 'CUP', quantity: 0, reason: 'other' }, ['quantity']],
    ['shortages', { sku: 'CUP', quantity: 1, reason: 'other', note: '\u0000' }, ['note']],
    ['pack', [], ['']],
    ['pack', 'packed', ['']],
    ['pack', { parcels: {} }, ['parcels']],
    ['pack', { parcels: [{}] }, ['parcels[0].lines']],
    ['pack', { parcels: [{ lines: [] }] }, ['parcels[0].lines']],
    ['pack', { parcels: [{ lines: [{ sku: 'CUP', quantity: 0 }] }] }, ['parcels[0].lines[0].quantity']],
    ['pack', { parcels: [{ lines: ['CUP'] }] }, ['parcels[0].lines']],
    ['pack', { parcels: Array.from({ length: 201 }, () => ({ lines: [{ sku: 'CUP', quantity: 1 }] })) }, ['parcels']],
  ])('of %s refuses %j and names what is wrong', async (door, body, fields) => {
    const order = anOrder(1);
    const { id } = await open(at, order);
    const before = await at.state();
    const answer = await at.http('POST', `/pick-lists/${id}/${door}`, JSON.stringify(body));
    expect([answer.status, answer.headers.get('content-type')]).toEqual([422, PROBLEM]);
    expect(answer.body.errors.map(({ field }: { field: string }) => field)).toEqual(fields);
    expect(await at.state()).toEqual(before);
  });

  it.each([
    [{ carrier: '' }, ['carrier']],
    [{ carrier: 7 }, ['carrier']],
    [{ carrier: 'x'.repeat(101) }, ['carrier']],
    [{ trackingCode: ' ' }, ['trackingCode']],
    [{ trackingCode: {} }, ['trackingCode']],
    [[], ['']],
  ])('of dispatch refuses %j and names what is wrong', async (body, fields) => {
    const { parcels } = await makeReady(at, anOrder(1));
    const answer = await at.http('POST', `/parcels/${parcels[0].id}/dispatch`, body);
    expect(answer.status).toBe(422);
    expect(answer.body.errors.map(({ field }: { field: string }) => field)).toEqual(fields);
  });

  it.each(['{', '', '{"code":', 'not json'])('answers a body that is not JSON (%j) with 400', async (text) => {
    const { id } = await open(at, anOrder(1));
    const answer = await at.http('POST', `/pick-lists/${id}/scans`, text, { 'content-type': 'application/json' });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([400, PROBLEM]);
  });

  it.each([
    ['/pick-lists?status=lost', 'status'],
    ['/pick-lists?status=open&status=ready', 'status'],
    ['/pick-lists?limit=0', 'limit'],
    ['/pick-lists?limit=201', 'limit'],
    ['/pick-lists?limit=many', 'limit'],
    ['/pick-lists?cursor=7', 'cursor'],
    ['/pick-lists?orderId=7', 'orderId'],
    ['/pick-lists/7', 'id'],
    ['/pick-lists/%00', 'id'],
  ])('answers %s with 400 and names %s', async (path, field) => {
    const answer = await at.http('GET', path);
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ field }] } });
  });

  it.each([
    ['GET', `/pick-lists/${NOBODY}`, undefined, 404],
    ['POST', `/pick-lists/${NOBODY}/scans`, { code: 'CUP' }, 404],
    ['POST', `/pick-lists/${NOBODY}/shortages`, { sku: 'CUP', quantity: 1, reason: 'other' }, 404],
    ['POST', `/pick-lists/${NOBODY}/pack`, undefined, 404],
    ['POST', `/parcels/${NOBODY}/dispatch`, undefined, 404],
    ['POST', '/pick-lists/7/scans', { code: 'CUP' }, 400],
    ['POST', '/pick-lists/7/pack', undefined, 400],
    ['POST', '/parcels/7/dispatch', undefined, 400],
  ] as const)('answers %s %s %j with %i', async (method, path, body, status) => {
    const answer = await at.http(method, path, body);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([status, PROBLEM]);
  });
});

describe('the list of pick lists', () => {
  it('can be read by status and page by page, oldest first', async () => {
    const orders = [1, 2, 3, 4, 5].map((number) => anOrder(number));
    for (const order of orders) {
      await open(at, order);
      at.clock.advance(1);
    }
    await at.deliver('stop-order', orders[2]!.cancelled);
    const seen: string[] = [];
    let next: string | undefined = '';
    do {
      const path: string = `/pick-lists?status=open&limit=3${next ? `&cursor=${next}` : ''}`;
      const { body } = await at.http('GET', path);
      seen.push(...body.items.map(({ orderId }: { orderId: string }) => orderId));
      next = body.next;
    } while (next);
    expect(seen).toEqual([0, 1, 3, 4].map((index) => orders[index]!.orderId));
    const { body } = await at.http('GET', '/pick-lists?status=stopped');
    expect(body.items).toMatchObject([{ orderId: orders[2]!.orderId, externalId: 'LD-3', wanted: 4, picked: 0 }]);
  });

  it('never says who the customer is', async () => {
    await ship(at, anOrder(1));
    await makeReady(at, anOrder(2));
    await pick(at, (await open(at, anOrder(3)), anOrder(3)));
    const text = JSON.stringify((await at.http('GET', '/pick-lists')).body);
    for (const personal of ['Joana', '52998224725', 'joana@', '5550', 'Amostras', 'portaria'])
      expect(text).not.toContain(personal);
  });
});

describe('the page of a pick list', () => {
  const order = anOrder(1);
  const recipient = async () => (await listOf(at, order)).recipient;

  it('names the recipient from the end of picking until the parcels left, and nobody else ever', async () => {
    await open(at, order);
    expect(await recipient()).toBeNull();
    await pick(at, order);
    expect(await recipient()).toMatchObject({ name: 'Joana Exemplo', address: { city: 'São Paulo' } });
    await pack(at, anOrder(2));
    const packed = await listOf(at, anOrder(2));
    expect(packed.recipient).toMatchObject({ name: 'Joana Exemplo' });
    expect(JSON.stringify(packed)).not.toMatch(/52998224725|joana@|5550/);
  });

  it('forgets the recipient when the order left or was stopped', async () => {
    await ship(at, order);
    expect(await recipient()).toBeNull();
    const stopped = anOrder(2);
    await pack(at, stopped);
    await at.deliver('stop-order', stopped.cancelled);
    expect((await listOf(at, stopped)).recipient).toBeNull();
  });

  it('of a pick-up has a name and no address', async () => {
    const pickup = anOrder(3, { method: 'pickup' });
    await pack(at, pickup);
    expect((await listOf(at, pickup)).recipient).toEqual({ name: 'Joana Exemplo', notes: 'Entregar na portaria' });
  });
});
