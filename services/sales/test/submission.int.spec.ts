import { OrderPlaced, OrderRejected, OrderSubmitted } from '@retaguarda/contracts';
import { eventually, OfflineDepartment } from '@retaguarda/testing';
import { sales } from '../src/sales.module.js';
import { salesProcess } from '../src/sales.process.js';

const example = JSON.parse(JSON.stringify(OrderSubmitted.example)) as Record<string, unknown>;
const lineOf = (changes: object) => ({ lines: [{ sku: 'A', name: 'A', quantity: 1, unitPrice: 100, ...changes }] });
const NUL = '\u0000';

describe('the HTTP door of sales', () => {
  let at: OfflineDepartment;
  beforeAll(async () => {
    at = await OfflineDepartment.open(sales);
  });
  afterAll(() => at.close());
  beforeEach(() => at.reset());

  const submit = (changes: object = {}, headers: Record<string, string> = {}) =>
    at.http('POST', '/orders', { ...example, ...changes }, headers);
  const orderCount = async () =>
    ((await at.source.query('select count(*)::int as count from orders')) as { count: number }[])[0]!.count;

  describe('takes an order', () => {
    it('and answers where it is', async () => {
      const answer = await submit();
      expect(answer).toMatchObject({ status: 202, body: { orderId: expect.any(String), status: 'placed' } });
      expect(answer.headers.get('location')).toBe(`/orders/${answer.body.orderId}`);
      expect(answer.headers.get('idempotent-replayed')).toBeNull();
      expect(await at.sentOf(OrderPlaced)).toMatchObject([{ orderId: answer.body.orderId }]);
    });

    it('and says so when it is rejected', async () => {
      const answer = await submit({ payment: { terms: 'in-advance', method: 'pix' } });
      expect(answer).toMatchObject({ status: 202, body: { status: 'rejected' } });
      expect(await at.sentOf(OrderRejected)).toMatchObject([{ orderId: answer.body.orderId }]);
    });

    it('once, whether it comes by HTTP or from the queue', async () => {
      await at.deliver('place-order', OrderSubmitted.example);
      const first = await submit();
      expect(await submit({ notes: 'other words' })).toMatchObject({ status: 202, body: first.body });
      expect(await at.sentOf(OrderPlaced)).toMatchObject([{ orderId: first.body.orderId }]);
    });

    it('once when twenty submissions by HTTP and five from the queue race', async () => {
      const byQueue = Array.from({ length: 5 }, () => at.deliver('place-order', OrderSubmitted.example));
      const answers = await Promise.all(Array.from({ length: 20 }, () => submit()));
      await Promise.all(byQueue);
      expect(new Set(answers.map(({ body }) => body.orderId)).size).toBe(1);
      expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(202));
      expect(await at.sentOf(OrderPlaced)).toHaveLength(1);
    });

    it('with fields that nobody knows, which are left out', async () => {
      const { body } = await submit({ gift: true, ...lineOf({ colour: 'red' }) });
      expect(JSON.stringify(await at.state())).not.toMatch(/gift|colour/);
      expect((await at.http('GET', `/orders/${body.orderId}`)).status).toBe(200);
    });

    it('of a thousand lines', async () => {
      const lines = Array.from({ length: 1_000 }, (_, index) => lineOf({ sku: `S${index}` }).lines[0]);
      const { body } = await submit({ lines });
      expect((await at.http('GET', `/orders/${body.orderId}`)).body.lines).toHaveLength(1_000);
    });
  });

  describe('honours an Idempotency-Key', () => {
    const key = { 'idempotency-key': 'a-key' };

    it('and what it keeps of an order stays true until it is kept, so that a recovery keeps the same', async () => {
      const { body } = await submit({}, key);
      const waits = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
      const waiting = (count: number) =>
        eventually(
          () => at.source.query(waits) as Promise<unknown[]>,
          ({ length }) => length === count,
        );
      const holding = at.source.createQueryRunner();
      await holding.startTransaction();
      await holding.query(
        `insert into idempotency_keys select 'another-key', fingerprint, $1, order_id, status, used_at from idempotency_keys`,
        [body.orderId],
      );
      const asked = submit({}, { 'idempotency-key': 'another-key' });
      await waiting(1);
      const moving = at.source.query(`do $$ begin
        set local lock_timeout = 0; update orders set reserved_at = now(); end $$`);
      await waiting(2);
      await holding.rollbackTransaction();
      await holding.release();
      expect((await asked).body).toEqual(body);
      await moving;
    });

    it('with the same answer to the same body, also when the order has moved on', async () => {
      const first = await submit({}, key);
      expect(first.headers.get('idempotent-replayed')).toBeNull();
      await at.source.query('update orders set reserved_at = now()');
      const again = await submit({}, key);
      expect([again.status, again.body]).toEqual([202, first.body]);
      expect(again.headers.get('idempotent-replayed')).toBe('true');
      expect(await at.sentOf(OrderPlaced)).toHaveLength(1);
    });

    it('by what the body says, not by how it is written', async () => {
      const first = await submit({}, key);
      const turned = Object.fromEntries(Object.entries(example).reverse());
      const again = await at.http('POST', '/orders', JSON.stringify(turned, null, 4), key);
      expect([again.status, again.body]).toEqual([202, first.body]);
    });

    it.each([
      ['another order', { externalId: 'other' }],
      ['the same order in other words', { notes: 'other words' }],
    ])('and refuses it for %s, of which nothing is kept', async (_, changes) => {
      await submit({}, key);
      const before = await at.state();
      expect(await submit(changes, key)).toMatchObject({
        status: 422,
        body: { detail: expect.stringContaining('Idempotency-Key') },
      });
      expect(await at.state()).toEqual(before);
      expect(await at.sent()).toHaveLength(1);
    });

    it('when twenty requests with it race: one order, one answer, nineteen replays', async () => {
      const answers = await Promise.all(Array.from({ length: 20 }, () => submit({}, key)));
      expect(new Set(answers.map(({ status, body }) => `${status} ${body.orderId} ${body.status}`)).size).toBe(1);
      expect(answers.filter(({ headers }) => headers.get('idempotent-replayed') === 'true')).toHaveLength(19);
      expect(await at.sentOf(OrderPlaced)).toHaveLength(1);
    });

    it('when twenty different orders race for it: one is taken', async () => {
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, index) => submit({ externalId: `N${index}` }, key)),
      );
      expect(answers.map(({ status }) => status).sort()).toEqual([202, ...Array(19).fill(422)]);
      expect(await orderCount()).toBe(1);
      expect(await at.sentOf(OrderPlaced)).toHaveLength(1);
    });

    it('new for an order that is known: the answer is that order', async () => {
      const { body } = await submit();
      const keyed = await submit({}, key);
      expect([keyed.status, keyed.body, keyed.headers.get('idempotent-replayed')]).toEqual([202, body, null]);
    });

    it('for at least a day, after which it is free again and the order is still there once', async () => {
      const prune = salesProcess.rows.find(({ name }) => name === 'prune-idempotency-keys')!;
      await submit({}, key);
      at.clock.advance(24 * 3_600_000);
      await at.messaging.desk.run(prune);
      expect((await submit({ externalId: 'other' }, key)).status).toBe(422);
      at.clock.advance(25 * 3_600_000);
      await at.messaging.desk.run(prune);
      expect((await submit({ externalId: 'other' }, key)).status).toBe(202);
      expect(await orderCount()).toBe(2);
    });

    it.each(['', ' ', 'k'.repeat(201), 'chave-é\u0080'])('unless it is none: "%s"', async (bad) => {
      const answer = await submit({}, { 'idempotency-key': bad });
      expect(answer).toMatchObject({ status: 400, body: { errors: [{ field: 'Idempotency-Key' }] } });
      expect(await orderCount()).toBe(0);
    });
  });

  describe('refuses', () => {
    const refused = (answer: { status: number; headers: Headers; body: { errors?: { field: string }[] } }) => ({
      status: answer.status,
      type: answer.headers.get('content-type')?.split(';')[0],
      fields: answer.body.errors?.map(({ field }) => field),
    });
    const type = 'application/problem+json';

    it.each<[string, object, string]>([
      ['no channel', { channel: undefined }, 'channel'],
      ['a channel that is null', { channel: null }, 'channel'],
      ['a channel in capitals', { channel: 'Loja' }, 'channel'],
      ['a number instead of an order number', { externalId: 42 }, 'externalId'],
      ['an order number that is too long', { externalId: 'x'.repeat(121) }, 'externalId'],
      ['no customer', { customer: undefined }, 'customer'],
      ['a list of customers', { customer: [{ name: 'J' }] }, 'customer'],
      ['a customer name of a megabyte', { customer: { name: 'x'.repeat(300_000) } }, 'customer.name'],
      ['no lines', { lines: undefined }, 'lines'],
      ['empty lines', { lines: [] }, 'lines'],
      ['lines that are an object', { lines: { 0: lineOf({}).lines[0] } }, 'lines'],
      ['lines of nothing', { lines: [null] }, 'lines'],
      ['1,001 lines', { lines: Array.from({ length: 1_001 }, () => lineOf({}).lines[0]) }, 'lines'],
      ['a negative quantity', lineOf({ quantity: -1 }), 'lines[0].quantity'],
      ['no quantity at all', lineOf({ quantity: 0 }), 'lines[0].quantity'],
      ['half a piece', lineOf({ quantity: 0.5 }), 'lines[0].quantity'],
      ['a quantity in words', lineOf({ quantity: '1' }), 'lines[0].quantity'],
      ['a price beyond the safe integers', lineOf({ unitPrice: 2 ** 53 }), 'lines'],
      ['a price in fractions of a cent', lineOf({ unitPrice: 1.5 }), 'lines[0].unitPrice'],
      ['a sum beyond what is exact', lineOf({ quantity: 1_000_000, unitPrice: 1e12 }), 'lines'],
      ['a discount beyond the price', lineOf({ discount: 101 }), 'lines[0].discount'],
      ['an unknown currency', { currency: 'XXZ' }, 'currency'],
      ['a day without a time', { placedAt: '2026-03-02' }, 'placedAt'],
      ['a time that never was', { placedAt: '2026-02-30T10:00:00Z' }, 'placedAt'],
      ['unknown terms', { payment: { terms: 'later', method: 'pix' } }, 'payment.terms'],
      ['a shipment to nowhere', { delivery: { method: 'ship' } }, 'delivery.address'],
      ['a null byte in the order number', { externalId: `A${NUL}` }, 'externalId'],
      ['a null byte in a name', { customer: { name: `Jo${NUL}ana` } }, 'customer.name'],
      ['a null byte in a document', { customer: { name: 'J', document: `1${NUL}` } }, 'customer.document'],
      ['a null byte in an e-mail address', { customer: { name: 'J', email: `j${NUL}@example.com` } }, 'customer.email'],
      ['a null byte in a phone number', { customer: { name: 'J', phone: `1${NUL}` } }, 'customer.phone'],
      ['a null byte in an item', lineOf({ name: NUL }), 'lines[0].name'],
      ['a null byte in a SKU', lineOf({ sku: `A${NUL}` }), 'lines[0].sku'],
      ['a null byte in the notes', { notes: NUL }, 'notes'],
      ['half a character', { notes: 'a\ud83d' }, 'notes'],
    ])('%s, and names the field', async (_, changes, field) => {
      expect(refused(await submit(changes))).toEqual({ status: 422, type, fields: [field] });
      expect(await orderCount()).toBe(0);
    });

    it.each<[string, string, string]>([
      ['__proto__', '{"__proto__": {"channel": "x"}, ', '__proto__'],
      ['constructor', '{"constructor": {"prototype": {"channel": "x"}}, ', 'constructor'],
    ])('the key %s, and names it', async (_, opening, field) => {
      const body = opening + JSON.stringify(example).slice(1);
      const answer = await at.http('POST', '/orders', body);
      expect([answer.status, answer.body.errors[0].field]).toEqual([422, field]);
      expect(await orderCount()).toBe(0);
    });

    it.each<[string, string, number]>([
      ['half an object', '{"channel": ', 400],
      ['no JSON', 'order please', 400],
      ['nothing', '', 400],
      ['a list', '[]', 422],
      ['a text', '"order"', 422],
      ['null', 'null', 422],
      [
        'a number beyond all numbers',
        JSON.stringify({ ...example, ...lineOf({}) }).replace('"unitPrice":100', '"unitPrice":1e999'),
        422,
      ],
      ['an object as deep as a well', '{"a":'.repeat(5_000) + '1' + '}'.repeat(5_000), 422],
      ['10,000 lines', JSON.stringify({ ...example, lines: Array(10_000).fill(lineOf({}).lines[0]) }), 422],
      ['more than a megabyte', JSON.stringify({ ...example, notes: 'x'.repeat(1_100_000) }), 413],
    ])('a body that is %s', async (_, body, status) => {
      const answer = await at.http('POST', '/orders', body);
      expect(refused(answer)).toMatchObject({ status, type });
      expect(await orderCount()).toBe(0);
    });

    it('a body that is not said to be JSON', async () => {
      const answer = await at.http('POST', '/orders', JSON.stringify(example), { 'content-type': 'application/xml' });
      expect(refused(answer)).toMatchObject({ status: 415, type });
    });

    it.each<[string, object | string, number, string | undefined]>([
      ['without a reason', {}, 422, 'reason'],
      ['for a blank reason', { reason: ' ' }, 422, 'reason'],
      ['for a null byte', { reason: NUL }, 422, 'reason'],
      ['for a reason of 501 characters', { reason: 'x'.repeat(501) }, 422, 'reason'],
      ['for a list of reasons', { reason: ['x'] }, 422, 'reason'],
      ['by half an object', '{', 400, undefined],
    ])('a cancellation %s', async (_, body, status, field) => {
      const { orderId } = (await submit()).body;
      const answer = await at.http('POST', `/orders/${orderId}/cancellation`, body);
      expect(refused(answer)).toEqual({ status, type, fields: field && [field] });
    });

    it('a cancellation of an order that nobody knows', async () => {
      const { orderId } = OrderPlaced.example;
      expect((await at.http('POST', `/orders/${orderId}/cancellation`, { reason: 'x' })).status).toBe(404);
      expect(await at.deferred()).toEqual([]);
    });

    it.each([
      ['/orders/not-an-id', 400],
      ['/orders/%00', 400],
      [`/orders/${OrderPlaced.example.orderId}`, 404],
      ['/orders?status=lost', 400],
      ['/orders?status=', 400],
      ['/orders?channel=%00', 400],
      ['/orders?channel=a&channel=b', 400],
      ['/orders?externalId=a%00', 400],
      ['/orders?cursor=%27', 400],
      ['/orders?limit=0', 400],
      ['/orders?limit=201', 400],
      ['/orders?limit=x', 400],
    ])('GET %s with %i', async (path, status) => {
      expect(refused(await at.http('GET', path))).toMatchObject({ status, type });
    });
  });

  describe('shows orders', () => {
    const PERSONAL = /Joana|52998224725|joana@example.com|5550-0142|Rua das Amostras|01000-000|portaria/;

    it('page by page, newest first, each once', async () => {
      for (let index = 0; index < 5; index += 1) {
        at.clock.advance(1);
        await submit({ externalId: `N${index}` });
      }
      const seen: string[] = [];
      let next: string | undefined;
      do {
        const { body } = await at.http('GET', `/orders?limit=2${next ? `&cursor=${next}` : ''}`);
        seen.push(...body.items.map(({ externalId }: { externalId: string }) => externalId));
        next = body.next;
      } while (next);
      expect(seen).toEqual(['N4', 'N3', 'N2', 'N1', 'N0']);
    });

    it('by channel, number and status', async () => {
      await submit({ externalId: 'A' });
      await submit({ externalId: 'B', payment: { terms: 'in-advance', method: 'pix' } });
      await submit({ externalId: 'A', channel: 'other-shop' });
      const found = async (query: string) =>
        (await at.http('GET', `/orders?${query}`)).body.items.map(
          (item: { channel: string; externalId: string }) => `${item.channel} ${item.externalId}`,
        );
      expect(await found('channel=loja-demo&externalId=A')).toEqual(['loja-demo A']);
      expect(await found('externalId=A')).toHaveLength(2);
      expect(await found('status=rejected')).toEqual(['loja-demo B']);
      expect(await found('status=placed')).toHaveLength(2);
      expect(await found('status=placed&channel=other-shop')).toEqual(['other-shop A']);
      expect(await found('status=completed')).toEqual([]);
    });

    it('in a list without a word about the customer, and on its own page with all of it', async () => {
      const { body } = await submit();
      await at.http('POST', `/orders/${body.orderId}/cancellation`, { reason: 'Joana calls' });
      const list = (await at.http('GET', '/orders')).body;
      expect(JSON.stringify(list)).not.toMatch(PERSONAL);
      expect(list.items).toEqual([
        {
          orderId: body.orderId,
          channel: 'loja-demo',
          externalId: 'LD-1042',
          status: 'placed',
          placedAt: at.clock.now().toISOString(),
          total: 23_770,
          currency: 'BRL',
        },
      ]);
      const page = (await at.http('GET', `/orders/${body.orderId}`)).body;
      expect(page).toMatchObject({
        customer: OrderSubmitted.example.customer,
        delivery: OrderSubmitted.example.delivery,
        payment: OrderSubmitted.example.payment,
        timeline: [{ fact: 'placed' }, { fact: 'cancellation-requested', reasons: ['Joana calls'] }],
      });
      expect(page.lines.map(({ line, total }: { line: number; total: number }) => [line, total])).toEqual([
        [1, 15_000],
        [2, 6_780],
        [3, 500],
      ]);
    });
  });
});
