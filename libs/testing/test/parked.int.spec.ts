import { OrderPlaced, StockReserved } from '@retaguarda/contracts';
import { eventually, messageOf, OfflineDepartment } from '../src/index.js';
import { bakery, oven } from './bakery.js';
import { order, orderId, parkAll, parkedOrders } from './parked-orders.js';

const WHO = { by: 'ana', why: 'the oven is warm again' };

describe('parked messages', () => {
  let at: OfflineDepartment;
  beforeAll(async () => {
    at = await OfflineDepartment.open(bakery);
  });
  afterAll(() => at.close());
  beforeEach(async () => {
    oven.broken = false;
    await at.reset();
  });

  const baked = async () => (await at.state())['baked'] as { order_id: string }[];
  const get = async (path: string) => (await at.http('GET', path)).body;
  const post = (path: string, body: object = WHO) => at.http('POST', path, body);
  const problem = (text: string, field = '') => [{ field, problem: text }];
  const one = (n: number) => [messageOf(order(n))];

  describe('in a list', () => {
    it('are grouped by what went wrong, whatever the numbers, ids and addresses in it', async () => {
      const says = (n: number) =>
        problem(`Error: order ${orderId(n)} of buyer${n}@shop.example lacks ${n} of SKU-${n}`);
      for (const n of [1, 2, 3]) await parkAll(at.source, one(n), { reasons: says(n) });
      await parkAll(at.source, one(4), { reasons: problem('Error: the oven is cold') });
      await parkAll(at.source, one(5), { cause: 'unprocessable', reasons: says(5) });
      await parkAll(at.source, one(6), { step: 'bakery.serve-bread', reasons: says(6) });
      const { items } = await get('/ops/parked/groups');
      expect(items).toHaveLength(4);
      expect(items[0]).toMatchObject({
        step: 'bakery.bake-bread',
        cause: 'attempts used up',
        type: OrderPlaced.type,
        problem: 'Error: order # of # lacks # of #',
        count: 3,
      });
      expect(Date.parse(items[0].oldest)).toBeLessThan(Date.parse(items[0].newest));
      const inGroup = (await get(`/ops/parked?group=${items[0].group}`)).items as { id: string; subject: string }[];
      expect(inGroup.map(({ subject }) => subject)).toEqual([1, 2, 3].map(orderId));
      expect(inGroup[0]!.id).toBe(items[0].example);
    });

    it('are one group when the same rule is broken on different lines', async () => {
      const wrong = (...lines: number[]) =>
        lines.map((line) => ({ field: `data.lines[${line}].quantity`, problem: 'must not be less than 1' }));
      await parkAll(at.source, one(1), { cause: 'invalid', reasons: wrong(0) });
      await parkAll(at.source, one(2), { cause: 'invalid', reasons: wrong(3, 17) });
      expect((await get('/ops/parked/groups')).items).toMatchObject([
        { count: 2, problem: 'data.lines[#].quantity must not be less than #' },
      ]);
    });

    it('are found by step, cause, type, reason, time and order', async () => {
      await parkAll(at.source, parkedOrders(3));
      await parkAll(at.source, one(7), { step: 'bakery.serve-bread', cause: 'dead-lettered' });
      const found = async (query: string) => ((await get(`/ops/parked?${query}`)).items as object[]).length;
      expect(await found('')).toBe(4);
      expect(await found('step=bakery.serve-bread')).toBe(1);
      expect(await found('cause=dead-lettered')).toBe(1);
      expect(await found(`type=${OrderPlaced.type}`)).toBe(4);
      expect(await found('type=sales.order-cancelled.v1')).toBe(0);
      expect(await found('reason=OVEN%20is')).toBe(4);
      expect(await found('reason=100%25')).toBe(0);
      expect(await found('since=2026-01-01T00:00:00Z&until=2026-01-02T00:00:00Z')).toBe(0);
      expect(await found('since=2026-01-01T00:00:00Z')).toBe(4);
      expect(await found(`orderId=${orderId(2)}`)).toBe(1);
      expect(await found('state=redriven')).toBe(0);
      expect(await at.http('GET', '/ops/parked?since=yesterday')).toMatchObject({
        status: 400,
        body: { errors: [{ field: 'since' }] },
      });
    });

    it('are shown without any personal data', async () => {
      await at.deliver('bake-bread', order(1, 'never works'));
      const { customer } = OrderPlaced.example;
      const lists = JSON.stringify([await get('/ops/parked'), await get('/ops/parked/groups')]);
      for (const secret of [customer.name, customer.document!, customer.email!]) expect(lists).not.toContain(secret);
    });

    it('know the order also when the sender named no subject', async () => {
      await at.deliver('bake-bread', order(1, 'never works'));
      expect((await get(`/ops/parked?orderId=${orderId(1)}`)).items).toHaveLength(1);
    });

    it('are counted by step and cause for the metrics', async () => {
      await parkAll(at.source, parkedOrders(3));
      await parkAll(at.source, one(7), { cause: 'dead-lettered' });
      await post('/ops/redrives', { ...WHO, filter: { cause: 'dead-lettered' }, canary: 1 });
      // What the database says after two seconds is left out of an answer.
      const metrics = await eventually(
        () => get('/metrics') as Promise<string>,
        (answer) => answer.includes('retaguarda_parked_messages{'),
      );
      expect(metrics).toContain('retaguarda_parked_messages{step="bakery.bake-bread",cause="attempts used up"} 3');
      expect(metrics).toContain('retaguarda_parked_messages{step="bakery.bake-bread",cause="dead-lettered"} 1');
      expect(metrics).toContain('retaguarda_redrives{state="running"} 1');
      expect(metrics).toContain('retaguarda_redrives{state="paused"} 0');
    });
  });

  describe('one by one', () => {
    it('tell who did what and why, from the first parking to the last', async () => {
      await at.deliver('bake-bread', order(1, 'never works'));
      const [{ id }] = (await get('/ops/parked')).items;
      await at.http('POST', `/ops/parked/${id}/redrive`, { reason: 'try again' }, { 'x-operator': 'ana' });
      await at.retryDeferred();
      const [again] = (await get('/ops/parked')).items;
      expect(again).toMatchObject({ follows: id });
      await post(`/ops/parked/${again.id}/discard`, { reason: 'no such bread', by: 'bruno' });
      const told = [
        { what: 'parked', id, why: 'Unprocessable: there is no such bread' },
        { what: 'redriven', id, by: 'ana', why: 'try again' },
        { what: 'parked', id: again.id, why: 'Unprocessable: there is no such bread' },
        { what: 'discarded', id: again.id, by: 'bruno', why: 'no such bread' },
      ];
      for (const each of [id, again.id])
        expect((await get(`/ops/parked/${each}`)).history).toEqual(
          told.map((deed) => ({ ...deed, at: expect.any(String) })),
        );
      expect((await get('/ops/parked?state=discarded')).items).toMatchObject([{ id: again.id }]);
    });

    it('show their bodies for repair, also one that is no text', async () => {
      const noText = Buffer.from([0xff, 0xfe, 0x00]);
      await at.deliver('bake-bread', { ...messageOf(order(2)), body: noText });
      const [{ id }] = (await get('/ops/parked')).items;
      expect(await get(`/ops/parked/${id}`)).toMatchObject({
        encoding: 'base64',
        body: noText.toString('base64'),
        types: [OrderPlaced.type],
      });
      const [other] = await parkAll(at.source, one(1));
      expect(await get(`/ops/parked/${other}`)).toMatchObject({
        encoding: 'utf8',
        data: { orderId: orderId(1) },
        routingKey: OrderPlaced.type,
        headers: {},
      });
      expect(await at.http('GET', `/ops/parked/${orderId(9)}`)).toMatchObject({ status: 404 });
    });

    it('are not discarded without a reason', async () => {
      const [id] = await parkAll(at.source, one(1));
      expect(await post(`/ops/parked/${id}/discard`, {})).toMatchObject({
        status: 422,
        body: { errors: [{ field: 'reason' }] },
      });
      expect((await get('/ops/parked')).items).toHaveLength(1);
    });
  });

  describe('that are edited', () => {
    const wrongOrder = async () => {
      const message = messageOf(order(1));
      const envelope = JSON.parse(message.body.toString()) as { id: string; data: object };
      const body = Buffer.from(
        JSON.stringify({ ...envelope, correlationid: 'chain-1', data: { ...order(1), total: -1 } }),
      );
      await at.deliver('bake-bread', { ...message, body });
      const [{ id }] = (await get('/ops/parked')).items;
      return { id: id as string, messageId: envelope.id };
    };

    it('are handled as a new message, caused by the original, which links to it', async () => {
      const { id, messageId } = await wrongOrder();
      const answer = await post(`/ops/parked/${id}/edit-and-redrive`, { ...WHO, data: order(1) });
      expect(answer).toMatchObject({ status: 200, body: { state: 'replaced', resolvedBy: 'ana' } });
      const [row] = await at.source.query(`select message_key, convert_from(body, 'utf8') as body from deferred`);
      const envelope = JSON.parse(row.body as string) as Record<string, unknown>;
      expect(envelope).toMatchObject({ causationid: messageId, correlationid: 'chain-1', subject: orderId(1) });
      expect(envelope['id']).toBe(answer.body.replacedBy);
      expect(envelope['id']).not.toBe(messageId);
      await at.retryDeferred();
      expect(await baked()).toHaveLength(1);
      expect(await at.sentOf(StockReserved)).toHaveLength(1);
      expect((await get(`/ops/parked/${id}`)).history).toMatchObject([
        { what: 'parked' },
        { what: 'replaced', by: 'ana', why: WHO.why },
      ]);
    });

    it('are refused with each field that is still wrong, and stay parked', async () => {
      const { id } = await wrongOrder();
      expect(
        await post(`/ops/parked/${id}/edit-and-redrive`, { ...WHO, data: { ...order(1), total: -2, currency: 'X' } }),
      ).toMatchObject({
        status: 422,
        body: { errors: expect.arrayContaining([expect.objectContaining({ field: 'data.total' })]) },
      });
      expect(await post(`/ops/parked/${id}/edit-and-redrive`, { data: order(1), why: 'x' })).toMatchObject({
        status: 422,
        body: { errors: [{ field: 'by' }] },
      });
      expect(await post(`/ops/parked/${id}/edit-and-redrive`, { ...WHO, data: 'x' })).toMatchObject({ status: 422 });
      expect((await get('/ops/parked')).items).toHaveLength(1);
      expect(await at.deferred()).toEqual([]);
    });

    it('have one effect when two people edit the same one: the second learns who was first', async () => {
      const { id } = await wrongOrder();
      const answers = await Promise.all(
        ['ana', 'bruno'].map((by) => post(`/ops/parked/${id}/edit-and-redrive`, { by, why: 'fixed', data: order(1) })),
      );
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
      expect(answers.find(({ status }) => status === 409)!.body.detail).toMatch(/replaced by (ana|bruno)/);
      await at.retryDeferred();
      expect(await at.sentOf(StockReserved)).toHaveLength(1);
    });

    it('keep their link when the new message is parked as well', async () => {
      const { id } = await wrongOrder();
      await post(`/ops/parked/${id}/edit-and-redrive`, { ...WHO, data: order(1, 'never works') });
      await at.retryDeferred();
      expect((await get('/ops/parked')).items).toMatchObject([{ follows: id, cause: 'unprocessable' }]);
    });

    it('find their step although it was none that parked them', async () => {
      const [id] = await parkAll(at.source, one(1), { step: 'bakery.unrecognised', cause: 'unrecognised' });
      const edit = { ...WHO, data: order(1) };
      expect(await post(`/ops/parked/${id}/edit-and-redrive`, edit)).toMatchObject({
        status: 422,
        body: { errors: [{ field: 'step', problem: expect.stringContaining('bakery.bake-bread') }] },
      });
      expect(await post(`/ops/parked/${id}/edit-and-redrive`, { ...edit, step: 'bakery.bake-bread' })).toMatchObject({
        status: 200,
      });
      await at.retryDeferred();
      expect(await baked()).toHaveLength(1);
    });

    it('are mended although nothing of the original can be read', async () => {
      await at.deliver('bake-bread', { ...messageOf(order(1)), body: Buffer.from('{') });
      const [{ id }] = (await get('/ops/parked')).items;
      await post(`/ops/parked/${id}/edit-and-redrive`, { ...WHO, data: order(1) });
      await at.retryDeferred();
      expect(await baked()).toHaveLength(1);
    });
  });
});
