import { OrderPlaced, OrderSubmitted, StockReserved } from '@retaguarda/contracts';
import type { Redrive, RedriveProgress } from '@retaguarda/messaging';
import { eventually, messageOf, OfflineDepartment, type HttpAnswer } from '../src/index.js';
import { bakery, oven } from './bakery.js';
import { order, orderId, parkAll, parkedOrders } from './parked-orders.js';

const WHO = { by: 'ana', why: 'the oven is warm again' };
const STEP = 'bakery.bake-bread';

describe('a re-drive of many parked messages', () => {
  let at: OfflineDepartment;
  beforeAll(async () => {
    at = await OfflineDepartment.open(bakery);
  });
  afterAll(() => at.close());
  beforeEach(async () => {
    oven.broken = false;
    await at.reset();
  });

  const post = (path: string, body: object = WHO) => at.http('POST', path, body);
  const start = (body: object = { filter: {} }): Promise<HttpAnswer> => post('/ops/redrives', { ...WHO, ...body });
  const look = async ({ body }: HttpAnswer): Promise<Redrive & { progress: RedriveProgress }> =>
    (await at.http('GET', `/ops/redrives/${body.id}`)).body;
  const baked = async () => ((await at.state())['baked'] as object[]).length;
  const counts = async (table: string, by: string): Promise<Record<string, number>> => {
    const rows = (await at.source.query(`select ${by} as what, count(*)::int as n from ${table} group by 1`)) as {
      what: string;
      n: number;
    }[];
    return Object.fromEntries(rows.map(({ what, n }) => [what, n]));
  };
  /** The next bit of a re-drive, whatever its rate, unless another is at it. */
  const bit = async () => {
    await at.source.query(
      `update redrives set next_at = clock_timestamp() - interval '1 hour'
        where id in (select id from redrives for update skip locked)`,
    );
    return (await at.messaging.redriving.advance()) ?? 0;
  };
  const handle = async () => {
    while ((await at.messaging.deferrals.runDue()) > 0);
  };
  /** Until nothing is left to give back or to handle. */
  const settle = async () => {
    for (;;) {
      const given = await bit();
      await handle();
      const running = await at.source.query(`select 1 from redrives where state = 'running'`);
      if (given === 0 && running.length === 0) return;
    }
  };

  it('gives back what was parked when it was pressed, each to its step, and says what became of it', async () => {
    await parkAll(at.source, parkedOrders(5));
    const answer = await start({ filter: {}, canary: 0 });
    expect(answer).toMatchObject({
      status: 202,
      body: { state: 'running', selected: 5, by: 'ana', why: WHO.why, progress: { left: 5, redriven: 0 } },
    });
    await parkAll(at.source, [messageOf(order(100))]);
    await settle();
    expect(await baked()).toBe(5);
    expect(await look(answer)).toMatchObject({
      state: 'finished',
      endedAt: expect.any(String),
      progress: {
        left: 0,
        redriven: 5,
        waiting: 0,
        retrying: 0,
        parkedAgain: 0,
        handled: 5,
        elsewhere: 0,
        released: 0,
      },
    });
    expect(await counts('parked', 'state')).toEqual({ parked: 1, redriven: 5 });
    expect((await at.http('GET', '/ops/redrives')).body.items).toMatchObject([{ id: answer.body.id, selected: 5 }]);
  });

  it('takes only the group, the filter or the messages that were meant', async () => {
    await parkAll(at.source, parkedOrders(3));
    const others = await parkAll(
      at.source,
      [10, 11, 12].map((n) => messageOf(order(n))),
      { cause: 'dead-lettered' },
    );
    const { items } = (await at.http('GET', '/ops/parked/groups?cause=dead-lettered')).body;
    expect((await start({ ids: [others[0]] })).body.selected).toBe(1);
    expect((await start({ filter: { orderId: orderId(11) } })).body.selected).toBe(1);
    expect((await start({ filter: { group: items[0].group } })).body.selected).toBe(1);
    await settle();
    expect(await counts('parked', `cause || ' ' || state`)).toEqual({
      'attempts used up parked': 3,
      'dead-lettered redriven': 3,
    });
  });

  it.each([
    ['says neither a filter nor ids', {}, 'filter'],
    ['says both', { filter: {}, ids: [orderId(1)] }, 'filter'],
    ['has no reason', { filter: {}, why: undefined }, 'why'],
    ['names nobody', { filter: {}, by: undefined }, 'by'],
    ['has an id that is none', { ids: ['one'] }, 'ids'],
    ['is slower than once a second', { filter: {}, ratePerSecond: 0 }, 'ratePerSecond'],
    ['has a filter that is none', { filter: { since: 'yesterday' } }, 'filter.since'],
  ])('is refused when it %s', async (_what, body, field) => {
    await parkAll(at.source, parkedOrders(1));
    expect(await start(body)).toMatchObject({ status: 422, body: { errors: [{ field }] } });
    expect(await counts('redrives', 'state')).toEqual({});
  });

  it('is refused when nothing fits, when all that fits is in another one, and for steps that are not there', async () => {
    expect(await start()).toMatchObject({ status: 409, body: { detail: 'Nothing that is parked fits.' } });
    await parkAll(at.source, [messageOf(order(1))], { step: 'bakery.paint-bread' });
    expect((await start()).body.detail).toContain('steps that the department does not have');
    await parkAll(at.source, [messageOf(order(2))]);
    const { body } = await start();
    expect(body.selected).toBe(1);
    expect((await start({ filter: { step: STEP } })).body.detail).toContain(body.id);
    expect(await counts('redrives', 'state')).toEqual({ running: 1 });
  });

  it('has one effect when the same group is pressed in ten tabs at once', async () => {
    await parkAll(at.source, parkedOrders(50));
    const presses = await Promise.all(Array.from({ length: 10 }, () => start()));
    expect(presses.map(({ status }) => status).sort()).toEqual([202, ...Array(9).fill(409)]);
    await settle();
    expect(await counts('parked', 'state')).toEqual({ redriven: 50 });
    expect(await baked()).toBe(50);
    expect(at.messaging.tallies.of(STEP).duplicates).toBe(0);
  });

  it('has one effect when a message of the group is pressed by itself at the same time', async () => {
    const before = at.messaging.tallies.of(STEP).duplicates;
    const ids = await parkAll(at.source, parkedOrders(60));
    const [answer] = await Promise.all([
      start(),
      ...ids.slice(0, 30).map((id) => post(`/ops/parked/${id}/redrive`, {})),
    ]);
    await Promise.all([settle(), ...ids.slice(20, 50).map((id) => post(`/ops/parked/${id}/redrive`, {}))]);
    await settle();
    await Promise.all(ids.slice(0, 10).map((id) => post(`/ops/parked/${id}/redrive`, {})));
    expect(await at.deferred()).toEqual([]);
    expect(await baked()).toBe(60);
    expect(await at.sentOf(StockReserved)).toHaveLength(60);
    expect(at.messaging.tallies.of(STEP).duplicates).toBe(before);
    const { selected, progress } = await look(answer);
    expect(progress.redriven + progress.elsewhere).toBe(selected);
    expect(progress).toMatchObject({ left: 0, waiting: 0, handled: progress.redriven });
  });

  it('is tried again, as every button, when somebody holds its rows for longer than one wait', async () => {
    const [many, one, edited, discarded] = await parkAll(at.source, parkedOrders(4));
    const { body } = await start({ ids: await parkAll(at.source, [messageOf(order(100))]) });
    // Postgres itself lets go, in the midst of the second wait: a pause of this process lengthens no wait.
    const holding = at.source.query(`do $$ begin
      perform 1 from parked for update; perform 1 from redrives for update; perform pg_sleep(3); end $$`);
    try {
      const held = () =>
        at.source.query(`select 1 from pg_stat_activity
                          where datname = current_database() and wait_event = 'PgSleep'`) as Promise<object[]>;
      await eventually(held, ({ length }) => length === 1);
      const answers = await Promise.all([
        start({ ids: [many] }),
        post(`/ops/parked/${one}/redrive`, {}),
        post(`/ops/parked/${edited}/edit-and-redrive`, { ...WHO, data: OrderPlaced.example }),
        post(`/ops/parked/${discarded}/discard`, { reason: 'not wanted' }),
        post(`/ops/redrives/${body.id}/pause`),
      ]);
      expect(answers.map(({ status }) => status)).toEqual([202, 200, 200, 200, 200]);
    } finally {
      await holding;
    }
  });

  it('of 10,000 messages that is pressed from everywhere at once has 10,000 effects', async () => {
    const submitted = JSON.parse(messageOf(OrderSubmitted.example).body.toString()) as { id: string; data: object };
    const messages = Array.from({ length: 10_000 }, (_, n) => {
      const body = { ...submitted, id: `order-${n}`, data: { ...submitted.data, externalId: `order-${n}` } };
      return { ...messageOf(OrderSubmitted.example), messageId: body.id, body: Buffer.from(JSON.stringify(body)) };
    });
    const ids = await parkAll(at.source, messages, { step: 'bakery.take-order' });
    const singles = ids.filter((_, n) => n % 500 === 0);
    const presses = [
      () => start(),
      () => start(),
      () => start({ filter: { step: 'bakery.take-order' } }),
      () => start({ ids: ids.slice(0, 1_000) }),
      ...singles.map((id) => () => post(`/ops/parked/${id}/redrive`, {})),
    ];
    const startedAt = Date.now();
    await Promise.all(presses.map((press) => press()));
    await Promise.all([settle(), settle()]);
    await settle();
    expect(Date.now() - startedAt).toBeLessThan(100_000);
    const [taken] = await at.source.query(
      'select count(*)::int as n, count(distinct external_id)::int as orders from taken',
    );
    expect(taken).toEqual({ n: 10_000, orders: 10_000 });
    expect(at.messaging.tallies.of('bakery.take-order')).toMatchObject({ handled: 10_000, duplicates: 0 });
    expect(await counts('parked', 'state')).toEqual({ redriven: 10_000 });
  }, 180_000);

  describe('with canaries', () => {
    it('pauses itself when one of them fails again, says why, and leaves the rest alone', async () => {
      await parkAll(at.source, parkedOrders(20));
      oven.broken = true;
      const answer = await start({ filter: {}, canary: 2 });
      await bit();
      expect(await look(answer)).toMatchObject({ isTrying: true, progress: { left: 18, waiting: 2 } });
      await handle();
      await bit();
      const paused = await look(answer);
      expect(paused).toMatchObject({
        state: 'paused',
        pausedBecause: '2 of 2 canaries failed again: Error: the oven is cold',
        progress: { left: 18, retrying: 2 },
      });
      expect(paused.history).toMatchObject([
        { what: 'started', by: 'ana' },
        { what: 'paused', by: 'the canary' },
      ]);
      expect(await bit()).toBe(0);
    });

    it('pauses itself when one of them is parked again', async () => {
      await parkAll(at.source, [messageOf(order(0, 'never works')), ...parkedOrders(20).slice(1)]);
      const answer = await start({ filter: {}, canary: 3 });
      await bit();
      await handle();
      await bit();
      expect(await look(answer)).toMatchObject({
        state: 'paused',
        pausedBecause: '1 of 3 canaries failed again: Unprocessable: there is no such bread',
        progress: { left: 17, parkedAgain: 1, handled: 2 },
      });
    });

    it('gives nothing more back while one of them is under way', async () => {
      await parkAll(at.source, parkedOrders(20));
      const answer = await start({ filter: {}, canary: 2 });
      for (let round = 0; round < 5; round += 1) await bit();
      expect((await look(answer)).progress).toMatchObject({ left: 18, waiting: 2 });
    });

    it('goes on by itself when all of them are handled', async () => {
      await parkAll(at.source, parkedOrders(20));
      const answer = await start({ filter: {}, canary: 2 });
      await settle();
      expect(await look(answer)).toMatchObject({ state: 'finished', isTrying: false, progress: { handled: 20 } });
      expect(await baked()).toBe(20);
    });

    it('tries new canaries when it is resumed after one failed', async () => {
      await parkAll(at.source, parkedOrders(20));
      oven.broken = true;
      const answer = await start({ filter: {}, canary: 2 });
      await bit();
      await handle();
      await bit();
      const resume = () => post(`/ops/redrives/${answer.body.id}/resume`, { by: 'bruno', why: 'new fuse' });
      expect(await resume()).toMatchObject({ status: 200, body: { state: 'running', isTrying: true } });
      await bit();
      await handle();
      await bit();
      expect(await look(answer)).toMatchObject({ state: 'paused', progress: { left: 16, retrying: 4 } });
      oven.broken = false;
      await resume();
      await settle();
      await at.retryDeferred();
      expect(await look(answer)).toMatchObject({ state: 'finished', pausedBecause: null, progress: { handled: 20 } });
    });
  });

  describe('that somebody stops', () => {
    const startSlowly = async () => {
      await parkAll(at.source, parkedOrders(20));
      const answer = await start({ filter: {}, ratePerSecond: 50 });
      expect(await bit()).toBe(5);
      return answer;
    };
    const press = (answer: HttpAnswer, button: string, body: object = { by: 'bruno', why: 'the lunch rush' }) =>
      post(`/ops/redrives/${answer.body.id}/${button}`, body);

    it('gives nothing more back while it is paused, and goes on where it was', async () => {
      const answer = await startSlowly();
      await press(answer, 'pause');
      expect(await bit()).toBe(0);
      expect(await press(answer, 'pause')).toMatchObject({ status: 200, body: { state: 'paused' } });
      await press(answer, 'resume');
      await settle();
      const { history, progress, state } = await look(answer);
      expect({ state, handled: progress.handled }).toEqual({ state: 'finished', handled: 20 });
      expect(history.map(({ what, by }) => `${what} by ${by}`)).toEqual([
        'started by ana',
        'paused by bruno',
        'resumed by bruno',
      ]);
    });

    it('leaves the rest parked when it is cancelled, for another re-drive to take', async () => {
      const answer = await startSlowly();
      await press(answer, 'cancel');
      await handle();
      expect(await look(answer)).toMatchObject({
        state: 'cancelled',
        progress: { left: 0, released: 15, handled: 5, elsewhere: 0 },
      });
      expect(await bit()).toBe(0);
      expect((await start()).body.selected).toBe(15);
      await settle();
      expect(await baked()).toBe(20);
      expect(await press(answer, 'resume')).toMatchObject({
        status: 409,
        body: { detail: 'The re-drive is cancelled; it cannot resume any more.' },
      });
    });

    it('wants to know who and why, and which', async () => {
      const answer = await startSlowly();
      expect(await press(answer, 'pause', { by: 'bruno' })).toMatchObject({ status: 422 });
      expect(await press(answer, 'pause', { why: 'lunch' })).toMatchObject({ body: { errors: [{ field: 'by' }] } });
      expect(await post(`/ops/redrives/${orderId(1)}/pause`)).toMatchObject({ status: 404 });
    });

    it('counts what was discarded or edited meanwhile as gone elsewhere', async () => {
      const [first, second] = await parkAll(at.source, parkedOrders(4));
      const answer = await start();
      await post(`/ops/parked/${first}/discard`, { reason: 'a test order' });
      await post(`/ops/parked/${second}/edit-and-redrive`, { ...WHO, data: order(1) });
      await settle();
      expect((await look(answer)).progress).toMatchObject({ handled: 2, elsewhere: 2 });
      expect(await baked()).toBe(3);
    });
  });

  it('keeps the untried ones few, so that what is new does not stand behind them', async () => {
    await parkAll(at.source, parkedOrders(2_500));
    const answer = await start();
    for (let round = 0; round < 3; round += 1) await bit();
    expect((await look(answer)).progress).toMatchObject({ left: 1_500, waiting: 1_000 });
    await at.messaging.deferrals.runDue();
    await bit();
    expect((await look(answer)).progress).toMatchObject({ waiting: 1_000, handled: 200 });
  });

  it('has no second effect for a message whose effect was there already', async () => {
    await at.deliver('bake-bread', order(1));
    const message = messageOf(order(1));
    await parkAll(at.source, [message]);
    const answer = await start({ filter: { type: OrderPlaced.type } });
    await settle();
    expect(await at.sentOf(StockReserved)).toHaveLength(1);
    expect((await look(answer)).progress).toMatchObject({ handled: 1 });
  });
});
