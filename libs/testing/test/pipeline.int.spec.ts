import { OrderCancelled, OrderPlaced, OrderRejected, OrderSubmitted, StockReserved } from '@retaguarda/contracts';
import { inTransaction } from '@retaguarda/database';
import { redrive, retryPolicies } from '@retaguarda/messaging';
import type { QueryRunner } from 'typeorm';
import { eventually, messageOf, OfflineDepartment } from '../src/index.js';
import { bakery, oven } from './bakery.js';
import { triesSeen } from './tries.js';

const uuid = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const order = (n: number, notes?: string) =>
  OrderPlaced.of({ ...OrderPlaced.example, orderId: uuid(n), ...(notes ? { notes } : {}) });
const cancelled = (n: number) => OrderCancelled.of({ ...OrderCancelled.example, orderId: uuid(n) });

describe('the pipeline, up to the commit', () => {
  let at: OfflineDepartment;
  beforeAll(async () => {
    at = await OfflineDepartment.open(bakery);
  });
  afterAll(() => at.close());
  beforeEach(async () => {
    Object.assign(oven, { broken: false, warmUp: () => Promise.resolve() });
    await at.reset();
  });

  const baked = async () => (await at.state())['baked'] as { order_id: string; what: string }[];

  it('handles a batch in one transaction and writes its events as one outbox row', async () => {
    await at.deliver('bake-bread', order(1), order(2), order(3));
    expect(await baked()).toHaveLength(3);
    expect(await at.source.query('select json_array_length(envelopes::json) as events from outbox')).toEqual([
      { events: 3 },
    ]);
    const transactions = await at.source.query(
      'select count(distinct at)::int as n from (select handled_at as at from inbox union all select created_at from outbox) t',
    );
    expect(transactions).toEqual([{ n: 1 }]);
  });

  it('lets a bad message cost only itself', async () => {
    await at.deliver('bake-bread', order(1), order(2, 'throws'), order(3));
    expect((await baked()).map((row) => row.order_id)).toEqual([uuid(1), uuid(3)]);
    expect(await at.deferred()).toEqual([
      { step: 'bakery.bake-bread', reason: 'Error: the oven is cold', attempts: 1, early: 0 },
    ]);
    expect(await at.sentOf(StockReserved)).toHaveLength(2);
  });

  it('lets a handler that waits for what never comes cost only its message', async () => {
    await at.deliver('bake-bread', order(1), order(2, 'hangs'), order(3));
    expect((await baked()).map((row) => row.order_id)).toEqual([uuid(1), uuid(3)]);
    expect(await at.deferred()).toEqual([
      {
        ...{ step: 'bakery.bake-bread', attempts: 1, early: 0 },
        reason: expect.stringContaining('idle-in-transaction timeout'),
      },
    ]);
  });

  it('retries by the policy of the row and parks after its last attempt, with reason and attempts', async () => {
    await at.deliver('bake-bread', order(1, 'throws'));
    for (let retry = 0; retry < retryPolicies.standard.length; retry += 1) await at.retryDeferred();
    expect(await at.deferred()).toEqual([]);
    expect(await at.parked()).toEqual([
      {
        step: 'bakery.bake-bread',
        cause: 'attempts used up',
        reasons: [{ field: '', problem: 'Error: the oven is cold' }],
        occurrences: 1,
      },
    ]);
    expect(await at.source.query('select attempts from parked')).toEqual([
      { attempts: retryPolicies.standard.length + 1 },
    ]);
  });

  it('has the effect of a deferred message once when the cause is gone, also if the broker delivers it again meanwhile', async () => {
    oven.broken = true;
    await at.deliver('bake-bread', order(1));
    oven.broken = false;
    await at.deliver('bake-bread', order(1));
    await at.retryDeferred();
    expect(await baked()).toHaveLength(1);
    expect(await at.sentOf(StockReserved)).toHaveLength(1);
    expect(await at.deferred()).toEqual([]);
  });

  it('parks at once what no retry can mend', async () => {
    await at.deliver('bake-bread', order(1, 'never works'));
    expect(await at.parked()).toMatchObject([
      { cause: 'unprocessable', reasons: [{ problem: 'Unprocessable: there is no such bread' }] },
    ]);
  });

  it('puts aside only the early ones of a batch and commits the rest', async () => {
    await at.deliver('bake-bread', order(1));
    await at.deliver('serve-bread', cancelled(1), cancelled(2));
    expect((await baked()).filter(({ what }) => what === 'served')).toEqual([{ order_id: uuid(1), what: 'served' }]);
    expect(await at.deferred()).toEqual([{ step: 'bakery.serve-bread', reason: 'not baked', attempts: 0, early: 1 }]);
    await at.deliver('bake-bread', order(2));
    await at.retryDeferred();
    expect((await baked()).filter(({ what }) => what === 'served')).toHaveLength(2);
  });

  it('commits nothing of a handler that returns an event its row does not list', async () => {
    await at.deliver('say-wrong', OrderRejected.example);
    expect(await at.sent()).toEqual([]);
    expect(await at.parked()).toMatchObject([
      {
        cause: 'unprocessable',
        reasons: [{ problem: expect.stringContaining('returned OrderCancelled, which its row does not list') }],
      },
    ]);
  });

  it('parks what cannot be opened, with the fields that are wrong, and handles the rest of the batch', async () => {
    const broken = { ...messageOf(order(2)), body: Buffer.from('{"specversion":') };
    const wrong = messageOf(Object.assign(order(3), { total: -1, currency: 'NOPE' }));
    await at.deliver('bake-bread', order(1), broken, wrong);
    expect(await baked()).toHaveLength(1);
    const parked = await at.parked();
    expect(parked.map(({ cause }) => cause)).toEqual(['invalid', 'invalid']);
    expect(parked[0]!.reasons).toEqual([{ field: '', problem: 'the body is not valid JSON' }]);
    expect(parked[1]!.reasons.map(({ field }) => field)).toEqual(
      expect.arrayContaining(['data.total', 'data.currency']),
    );
  });

  it('parks a message whose every part holds what Postgres cannot store', async () => {
    const nul = 'a\u0000\uD800';
    const message = messageOf(order(1));
    const envelope = { ...(JSON.parse(message.body.toString()) as object), id: nul, type: nul, subject: nul };
    await at.deliver('bake-bread', {
      ...message,
      contentType: nul,
      messageId: nul,
      headers: { [nul]: [nul] },
      body: Buffer.from(JSON.stringify(envelope)),
    });
    expect(await at.parked()).toMatchObject([{ cause: 'invalid' }]);
  });

  it('parks large messages a few at a time: what the journal keeps of them fits into one text', async () => {
    const large = (n: number) => ({
      ...messageOf(order(n)),
      exchange: 'storefront',
      body: Buffer.from(String(n).repeat(3_000_000)),
    });
    await at.deliver('bake-bread', large(1), large(2), large(3), large(4), large(5));
    expect(await at.parked()).toHaveLength(5);
    const rows = await at.source.query('select length(journal) < 12000000 as "isBounded" from outbox');
    expect(rows).toEqual([{ isBounded: true }, { isBounded: true }, { isBounded: true }]);
  });

  it('counts a broken message that comes again instead of listing it twice', async () => {
    const broken = { ...messageOf(order(1)), body: Buffer.from('{') };
    await at.deliver('bake-bread', broken);
    await at.deliver('bake-bread', broken);
    expect(await at.parked()).toMatchObject([{ occurrences: 2 }]);
  });

  it('finds the one message that kills its process, and parks only that', async () => {
    const batch = [order(1), order(2), order(3)].map((event) => messageOf(event, { mayHaveCrashed: true }));
    const [innocent, killer, other] = batch;
    const step = at.messaging.step('bakery.bake-bread');
    // Each round the process dies over the killer: its start is counted and its end never comes.
    const countedStarts = `insert into suspects (step, message_key, started) values ('bakery.bake-bread', $1, 1)
      on conflict (step, message_key) do update set started = suspects.started + 1`;
    for (let death = 1; death <= 5; death += 1) await at.source.query(countedStarts, [killer!.messageId]);
    await at.messaging.take(step, [innocent!, killer!, other!]);
    expect((await baked()).map((row) => row.order_id)).toEqual([uuid(1), uuid(3)]);
    expect(await at.parked()).toMatchObject([
      { cause: 'killed its process', reasons: [{ problem: 'started 5 times and never finished' }] },
    ]);
    expect(await at.source.query('select * from suspects')).toEqual([]);
  });

  it('counts each start of a message that was handed out before, ahead of the work, until it is put aside', async () => {
    const counted = () => at.source.query('select started from suspects');
    const seen: unknown[] = [];
    oven.warmUp = async () => {
      seen.push(await counted());
      throw new Error('here a process might have died');
    };
    const [first, second] = [order(1), order(2)].map((event) => messageOf(event, { mayHaveCrashed: true }));
    await at.deliver('bake-bread', first!);
    await at.source.query(`insert into suspects (step, message_key, started) values ('bakery.bake-bread', $1, 1)`, [
      second!.messageId,
    ]);
    await at.deliver('bake-bread', second!);
    expect(seen).toEqual([[{ started: 1 }], [{ started: 2 }]]);
    expect(await counted()).toEqual([]);
    expect(await at.deferred()).toHaveLength(2);
  });

  it('handles a message of which two copies were handed out before and come again together', async () => {
    const suspect = messageOf(order(1), { mayHaveCrashed: true });
    await at.deliver('bake-bread', suspect, suspect);
    expect(await baked()).toHaveLength(1);
    expect(await at.source.query('select * from suspects')).toEqual([]);
  });

  it('re-drives a parked message once, however often that is pressed', async () => {
    oven.broken = true;
    await at.deliver('bake-bread', order(1, 'throws'));
    for (let retry = 0; retry < retryPolicies.standard.length; retry += 1) await at.retryDeferred();
    const [{ id }] = (await at.source.query('select id from parked')) as [{ id: string }];
    const press = () => inTransaction(at.source, at.clock, (tx) => redrive(tx, id, 'ana'));
    const presses = await Promise.all(Array.from({ length: 10 }, press));
    expect(presses.filter(Boolean)).toHaveLength(1);
    expect(await at.deferred()).toHaveLength(1);
    expect(await at.source.query('select state, resolved_by from parked')).toEqual([
      { state: 'redriven', resolved_by: 'ana' },
    ]);
  });

  it('parks a message whose id is half a surrogate pair: the database would keep it under another id', async () => {
    const message = messageOf(order(1));
    const envelope = { ...(JSON.parse(message.body.toString()) as object), id: 'abc\uD800' };
    await at.deliver('bake-bread', { ...message, body: Buffer.from(JSON.stringify(envelope)) });
    expect(await at.parked()).toMatchObject([{ cause: 'invalid', reasons: [{ field: 'id' }] }]);
  });

  const parkAs = async (key: string, step: string, event: object) => {
    const { exchange, routingKey, contentType, body } = messageOf(event);
    const id = uuid(999);
    await at.source.query(
      `insert into parked (id, step, message_key, exchange, routing_key, content_type, headers, body, cause, reasons, attempts)
       values ($1, $2, $3, $4, $5, $6, '{}', $7, 'dead-lettered', '[]', 1)`,
      [id, step, key, exchange, routingKey, contentType, body],
    );
    return id;
  };

  it('ends the deferral of a re-driven dead letter, which is kept under another key than it opens to', async () => {
    const id = await parkAs('#hash', 'bakery.bake-bread', order(1));
    await inTransaction(at.source, at.clock, (tx) => redrive(tx, id, 'ana'));
    await at.retryDeferred();
    expect(await baked()).toHaveLength(1);
    expect(await at.deferred()).toEqual([]);
  });

  it.each([
    ['fails', 'bake-bread', order(1, 'throws'), { attempts: 1, early: 0 }],
    ['is too early', 'serve-bread', cancelled(1), { attempts: 0, early: 1 }],
  ])('keeps a re-driven dead letter that %s in its one row', async (_what, command, event, counts) => {
    const id = await parkAs('#hash', `bakery.${command}`, event);
    await inTransaction(at.source, at.clock, (tx) => redrive(tx, id, 'ana'));
    await at.retryDeferred();
    expect(await at.deferred()).toEqual([expect.objectContaining(counts)]);
    expect(await at.source.query('select message_key from deferred')).toEqual([{ message_key: '#hash' }]);
  });

  it('keeps one deferral when two that wait are the same message and it is still too early', async () => {
    await at.deliver('serve-bread', cancelled(1));
    const id = await parkAs('#hash', 'bakery.serve-bread', cancelled(1));
    await inTransaction(at.source, at.clock, (tx) => redrive(tx, id, 'ana'));
    await at.retryDeferred();
    expect(await at.deferred()).toHaveLength(1);
    await at.deliver('bake-bread', order(1));
    await at.retryDeferred();
    expect((await baked()).filter(({ what }) => what === 'served')).toHaveLength(1);
    expect(await at.deferred()).toEqual([]);
  });

  /** Has the oven warm up for deferred bread until the returned function is called. */
  const retrySlowly = async () => {
    let isWarm = () => {};
    const warm = new Promise<void>((resolve) => (isWarm = resolve));
    const asked = new Promise<void>((resolve) => {
      oven.warmUp = () => (resolve(), warm);
    });
    const slow = at.retryDeferred();
    await asked;
    return () => (isWarm(), slow);
  };

  it('keeps what a slow step is at work on from other instances, unless one of them has it by now', async () => {
    oven.broken = true;
    await at.deliver('bake-bread', order(1));
    await at.deliver('bake-bread', order(2));
    oven.broken = false;
    const finish = await retrySlowly();
    await at.source.query('update deferred set leased_until = clock_timestamp()');
    await at.source.query('update deferred set attempts = attempts + 1 where message_key = $1', [
      messageOf(order(2)).messageId,
    ]);
    const [{ now }] = (await at.source.query('select clock_timestamp()::text as now')) as [{ now: string }];
    await at.messaging.deferrals['renew']();
    const kept = await at.source.query(
      `select message_key from deferred where leased_until > $1::timestamptz + interval '25 seconds'`,
      [now],
    );
    await finish();
    expect(kept).toEqual([{ message_key: messageOf(order(1)).messageId }]);
  });

  it('brings back what waits for other steps while one is slow, and hands the slow one nothing twice', async () => {
    oven.broken = true;
    await at.deliver('bake-bread', order(1));
    await at.deliver('serve-bread', cancelled(2));
    oven.broken = false;
    const { handled, duplicates } = at.messaging.tallies.of('bakery.bake-bread');
    const { early: before } = at.messaging.tallies.of('bakery.serve-bread');
    const finish = await retrySlowly();
    await eventually(
      () => Promise.resolve(at.messaging.tallies.of('bakery.serve-bread')),
      ({ early }) => early === before + 1,
    );
    await at.source.query(`insert into baked (order_id, what) values ($1, 'bread')`, [uuid(2)]);
    await at.retryDeferred();
    const served = (await baked()).filter(({ what }) => what === 'served');
    await finish();
    expect(served).toEqual([{ order_id: uuid(2), what: 'served' }]);
    const after = at.messaging.tallies.of('bakery.bake-bread');
    expect([after.handled - handled, after.duplicates - duplicates]).toEqual([1, 0]);
  });

  it('parks again what was given back to a step that the department does not have, and says so at the door', async () => {
    const id = await parkAs('#hash', 'bakery.paint-bread', order(1));
    expect(await at.http('POST', `/ops/parked/${id}/redrive`)).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('no step bakery.paint-bread') },
    });
    await inTransaction(at.source, at.clock, (tx) => redrive(tx, id, 'ana'));
    await at.retryDeferred();
    expect(await at.deferred()).toEqual([]);
    expect(await at.source.query(`select message_key, cause, reasons from parked where state = 'parked'`)).toEqual([
      {
        message_key: '#hash',
        cause: 'unrecognised',
        reasons: [{ field: '', problem: 'this department has no step bakery.paint-bread' }],
      },
    ]);
  });

  it('takes no attempt back when the broker delivers a failing message again', async () => {
    await at.deliver('bake-bread', order(1, 'throws'));
    await at.retryDeferred();
    await at.deliver('bake-bread', order(1, 'throws'));
    expect(await at.deferred()).toMatchObject([{ attempts: 2 }]);
  });

  it('keeps why a message was given back, and refuses a reason or a page that is none', async () => {
    const id = await parkAs('#hash', 'bakery.bake-bread', order(1));
    expect(await at.http('POST', `/ops/parked/${id}/redrive`, { reason: 'x'.repeat(501) })).toMatchObject({
      status: 422,
      body: { errors: [{ field: 'reason' }] },
    });
    expect(await at.http('POST', `/ops/parked/${id}/redrive`, { reason: 'the oven is warm' })).toMatchObject({
      status: 200,
      body: { state: 'redriven', resolution: 'the oven is warm' },
    });
    expect(await at.http('GET', '/ops/parked?cursor=yesterday')).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'cursor' }] },
    });
  });

  it('forgets claims after thirty days and not before', async () => {
    await at.deliver('bake-bread', order(1), order(2));
    await at.source.query(
      `update inbox set handled_at = $1::timestamptz - interval '31 days'
        where message_key = (select min(message_key) from inbox)`,
      [at.clock.now()],
    );
    await at.messaging.duties.forgetOldClaims();
    expect(await at.source.query('select count(*)::int as n from inbox')).toEqual([{ n: 1 }]);
  });

  it('burns no attempt while the database is away, and goes on when it is back', async () => {
    const kill = `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`;
    const work = Array.from({ length: 30 }, (_, n) => at.deliver('bake-bread', order(n)));
    await at.source.query(kill).catch(() => undefined);
    await Promise.all(work);
    expect(await at.deferred()).toEqual([]);
    expect(await baked()).toHaveLength(30);
  });

  describe('while somebody holds a row and does not give it back', () => {
    let holder: QueryRunner;
    beforeEach(async () => {
      holder = at.source.createQueryRunner();
      await holder.startTransaction();
      await holder.query(`insert into baked (order_id, what) values ($1, 'bread')`, [uuid(2)]);
    });
    afterEach(async () => {
      if (holder.isTransactionActive) await holder.rollbackTransaction();
      await holder.release();
    });

    it('does what needs another row; what needs this one is too early, which is no attempt, and is done afterwards', async () => {
      await at.deliver('bake-bread', order(1), order(2), order(3));
      expect((await baked()).map((row) => row.order_id)).toEqual([uuid(1), uuid(3)]);
      expect(await at.deferred()).toEqual([
        {
          ...{ step: 'bakery.bake-bread', attempts: 0, early: 1 },
          reason: expect.stringContaining('canceling statement due to lock timeout'),
        },
      ]);
      await at.retryDeferred();
      expect(await at.deferred()).toMatchObject([{ attempts: 0, early: 2 }]);
      await holder.rollbackTransaction();
      await at.retryDeferred();
      expect(await baked()).toHaveLength(3);
      expect(await at.deferred()).toEqual([]);
    });

    it('does not suspect one that was handed out before of a death', async () => {
      const before = messageOf(order(2), { mayHaveCrashed: true });
      await at.deliver('bake-bread', before);
      expect(await at.source.query('select * from suspects')).toEqual([]);
      expect(await at.deferred()).toMatchObject([{ attempts: 0, early: 1 }]);
      await holder.rollbackTransaction();
      await at.retryDeferred();
      expect(await baked()).toHaveLength(1);
    });

    it('insists on its own bookkeeping, and counts one attempt', async () => {
      await holder.query('lock table deferred in exclusive mode');
      const failing = at.deliver('bake-bread', order(1, 'throws'));
      await triesSeen(holder, 3);
      await holder.rollbackTransaction();
      await failing;
      expect(await at.deferred()).toMatchObject([{ reason: 'Error: the oven is cold', attempts: 1, early: 0 }]);
    });

    it('keeps nobody out who needs a connection and not the row, when as many wait for it as there are connections', async () => {
      const waiting = Array.from({ length: 10 }, (_, n) =>
        at.deliver('bake-bread', messageOf(order(2), { id: `${n}` })),
      );
      const locked = `select count(*)::int as n from pg_stat_activity
                       where datname = current_database() and wait_event_type = 'Lock'`;
      await eventually(
        async () => {
          await holder.query('select pg_stat_clear_snapshot()');
          return holder.query(locked) as Promise<[{ n: number }]>;
        },
        ([{ n }]) => n === 9,
      );
      await expect(at.source.query('select 1 as answered')).resolves.toEqual([{ answered: 1 }]);
      await holder.rollbackTransaction();
      await Promise.all(waiting);
    });
  });

  it('settles deadlocks by itself: batches with the same orders in opposite order, from many consumers', async () => {
    const orders = Array.from({ length: 40 }, (_, n) => messageOf(order(n)));
    const shuffled = Array.from({ length: 8 }, (_, n) => (n % 2 ? orders : [...orders].reverse()));
    await Promise.all(shuffled.map((batch) => at.deliver('bake-bread', ...batch)));
    expect(await baked()).toHaveLength(40);
    expect(await at.sentOf(StockReserved)).toHaveLength(40);
    expect(await at.deferred()).toEqual([]);
  });

  it('takes storefront messages of two shops that use the same id', async () => {
    const submitted = messageOf(OrderSubmitted.example);
    const other = { ...submitted, body: Buffer.from(submitted.body.toString().replace('"/test"', '"/other"')) };
    await at.deliver('take-order', submitted, submitted, other);
    expect((await at.state())['taken']).toHaveLength(2);
  });

  it('keeps no name, document or address in what it lists about a failed message', async () => {
    await at.deliver('bake-bread', order(1, 'throws'));
    const [row] = (await at.source.query(
      `select step, reason, routing_key, headers, message_id from deferred`,
    )) as object[];
    const { customer } = OrderPlaced.example;
    for (const secret of [customer.name, customer.document!, customer.email!])
      expect(JSON.stringify(row)).not.toContain(secret);
  });
});
