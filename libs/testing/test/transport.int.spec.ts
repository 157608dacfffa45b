import { AvailabilityChanged, OrderCancelled, OrderPlaced, OrderSubmitted, StockReserved } from '@retaguarda/contracts';
import {
  eventually,
  freshDatabase,
  freshVhost,
  messageOf,
  openOnline,
  Outsider,
  testServers,
  type OnlineDepartment,
} from '../src/index.js';
import { ensureVhost } from '@retaguarda/infrastructure';
import { JOURNAL_EXCHANGE, readJournal, type JournalEntry } from '@retaguarda/messaging';
import { jest } from '@jest/globals';
import { bakery, oven } from './bakery.js';
import { randomUUID } from 'node:crypto';
import { Socket } from 'node:net';
import { cutConnections, limitDeliveries, manage } from './management.js';

const uuid = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const order = (n: number, notes?: string) => ({
  ...OrderPlaced.example,
  orderId: uuid(n),
  ...(notes ? { notes } : {}),
});

/** The bytes of an array within an array, and so on, as AMQP writes them. */
function nestedArrays(depth: number): Buffer {
  const bytes = Buffer.alloc(depth * 5, 'A');
  for (let at = 0; at < depth; at++) bytes.writeUInt32BE((depth - at - 1) * 5, at * 5 + 1);
  return bytes;
}

describe('the transport, on a real broker', () => {
  let rabbitUrl: string;
  let databaseUrl: string;
  let vhost: string;
  let shop: Outsider;
  let department: OnlineDepartment;

  beforeAll(async () => {
    rabbitUrl = await freshVhost();
    vhost = decodeURIComponent(new URL(rabbitUrl).pathname.slice(1));
    databaseUrl = await freshDatabase('bakery');
    await limitDeliveries(vhost, 'bakery');
    shop = await Outsider.connect(rabbitUrl);
    await shop.listen('#');
    department = await openOnline(bakery, { databaseUrl, rabbitUrl });
  });
  afterAll(async () => {
    await department.stop();
    await shop.close();
  });
  beforeEach(async () => {
    jest.restoreAllMocks();
    Object.assign(oven, { broken: false, warmUp: () => Promise.resolve() });
    // What was heard may be sent again: a confirm that was lost leaves its row.
    await eventually(
      () => count('outbox'),
      (rows) => rows === 0,
    );
    await department.source.query('truncate baked, taken, board, inbox, deferred, suspects, parked');
    shop.heard.length = 0;
  });

  const query = (sql: string): Promise<Record<string, unknown>[]> => department.source.query(sql);
  const count = async (table: string) => Number((await query(`select count(*) as n from ${table}`))[0]!['n']);
  const reserved = (n: number) => shop.hearing(n, ({ type }) => type === StockReserved.type);

  it('declares a quorum queue per row, bound by the routing key of its event', async () => {
    const queue = (await manage('GET', `queues/${encodeURIComponent(vhost)}/bakery.bake-bread`)) as Record<
      string,
      unknown
    >;
    expect(queue).toMatchObject({ type: 'quorum', durable: true, arguments: { 'x-queue-type': 'quorum' } });
    const bindings = await manage('GET', `queues/${encodeURIComponent(vhost)}/bakery.bake-bread/bindings`);
    expect(bindings).toContainEqual(
      expect.objectContaining({ source: 'retaguarda', routing_key: 'sales.order-placed.v1' }),
    );
  });

  it('turns a message into its effect and publishes what follows, with its cause', async () => {
    await shop.publish(OrderPlaced.type, order(1), 'message-1');
    const [event] = await reserved(1);
    expect(event).toMatchObject({
      source: '/retaguarda/bakery',
      subject: uuid(1),
      causationid: 'message-1',
      correlationid: 'message-1',
    });
    expect(await count('baked')).toBe(1);
    await eventually(
      () => count('outbox'),
      (rows) => rows === 0,
    );
  });

  it('sends the events of a batch with one write', async () => {
    // Node puts the chunks in place of what it was given.
    const sockets = Socket.prototype as unknown as { _writev(chunks: Buffer[]): void };
    const write = jest.spyOn(sockets, '_writev');
    const published = Promise.all(Array.from({ length: 120 }, (_, n) => shop.publish(OrderPlaced.type, order(n))));
    oven.warmUp = () => published.then(() => undefined);
    await reserved(120);
    const brokerPort = Number(new URL(rabbitUrl).port);
    const writes = write.mock.calls.filter(([chunks], n) => {
      const { remotePort } = write.mock.contexts[n] as unknown as Socket;
      return remotePort === brokerPort && chunks.some((chunk) => chunk.includes(StockReserved.type));
    });
    const [{ batches } = {}] = await query('select count(distinct xmin::text)::int as batches from inbox');
    expect(batches).toBeLessThan(10);
    expect(writes.length).toBeGreaterThan(0);
    expect(writes.length).toBeLessThanOrEqual(batches as number);
  });

  it('has one effect when the storefront sends a message twice, in structured or binary mode', async () => {
    await shop.publish(OrderSubmitted.type, OrderSubmitted.example, 'submission-1');
    await shop.publish(OrderSubmitted.type, OrderSubmitted.example, 'submission-1');
    const headers = {
      'cloudEvents:specversion': '1.0',
      'cloudEvents:id': 'submission-1',
      'cloudEvents:source': '/outside',
      'cloudEvents:type': OrderSubmitted.type,
    };
    await shop.publishRaw({
      routingKey: OrderSubmitted.type,
      contentType: 'application/json',
      headers,
      body: JSON.stringify(OrderSubmitted.example),
    });
    await eventually(
      () => Promise.resolve(department.messaging.tallies.of('bakery.take-order')),
      ({ handled, duplicates }) => handled === 1 && duplicates === 2,
    );
    expect(await count('taken')).toBe(1);
    expect(await count('parked')).toBe(0);
  });

  it('parks poison with its reasons while everything around it flows', async () => {
    const poison = [
      { routingKey: OrderPlaced.type, body: '{"specversion":"1.0"', messageId: 'broken' },
      { routingKey: OrderPlaced.type, body: 'null' },
      { routingKey: OrderPlaced.type, body: Buffer.alloc(2_000_000, 'x') },
      {
        routingKey: OrderPlaced.type,
        body: JSON.stringify({ specversion: '1.0', id: '1', source: '/x', type: 'sales.order-placed.v9', data: {} }),
      },
    ];
    for (const [n, message] of poison.entries()) {
      await shop.publishRaw(message);
      await shop.publish(OrderPlaced.type, order(n));
    }
    await reserved(poison.length);
    await eventually(
      () => count('parked'),
      (rows) => rows === poison.length,
    );
    expect(await query(`select distinct cause from parked`)).toEqual([{ cause: 'invalid' }]);
  });

  it('goes on when a header is nested too deep for amqplib: takes the event, parks what is none', async () => {
    const id = randomUUID();
    const event = { specversion: '1.0', id, source: '/outside', type: OrderSubmitted.type };
    const headers = { poison: nestedArrays(12_000) };
    for (const body of [JSON.stringify({ ...event, data: OrderSubmitted.example }), JSON.stringify([id])])
      await shop.publishForged({ routingKey: OrderSubmitted.type, headers, body }, 'poisonx', 'poisonA');
    await eventually(
      async () => [await count('taken'), await count('parked')],
      ([taken, parked]) => taken === 1 && parked === 1,
    );
    expect(await query(`select headers from parked`)).toEqual([
      { headers: { 'retaguarda-unreadable': 'Maximum call stack size exceeded' } },
    ]);
  });

  it('parks a storefront message whose routing key nobody knows, and says which version there is', async () => {
    await shop.publish('storefront.order-submitted.v7', OrderSubmitted.example);
    await eventually(
      () => count('parked'),
      (rows) => rows === 1,
    );
    expect(await query('select step, cause, type from parked')).toEqual([
      { step: 'bakery.unrecognised', cause: 'unrecognised', type: 'storefront.order-submitted.v7' },
    ]);
  });

  it('brings what the broker gives up on into the same table, under its step', async () => {
    const stubborn = await Outsider.connect(rabbitUrl);
    await stubborn.channel.assertQueue('bakery.refuse', { durable: true, arguments: { 'x-queue-type': 'quorum' } });
    await stubborn.channel.consume('bakery.refuse', (message) => message && stubborn.channel.reject(message, true));
    await stubborn.publishRaw({ exchange: '', routingKey: 'bakery.refuse', body: 'nobody wants it' });
    await eventually(
      () => count('parked'),
      (rows) => rows === 1,
    );
    const [parked] = await query('select step, cause, reasons from parked');
    expect(parked).toMatchObject({ step: 'bakery.refuse', cause: 'dead-lettered' });
    expect(JSON.stringify(parked!['reasons'])).toContain('delivery_limit');
    await stubborn.channel.deleteQueue('bakery.refuse');
    await stubborn.close();
  });

  it('gives an @EventPattern of plain Nest the same guarantees', async () => {
    await shop.publish(AvailabilityChanged.type, { sku: 'LAMP', available: 3 }, 'availability-1');
    await shop.publish(AvailabilityChanged.type, { sku: 'LAMP', available: 3 }, 'availability-1');
    await shop.publish(AvailabilityChanged.type, { sku: 'LAMP', available: -1.5 });
    const step = () => Promise.resolve(department.messaging.tallies.of('bakery.update-board'));
    await eventually(step, ({ handled, duplicates, parked }) => handled === 1 && duplicates === 1 && parked === 1);
    expect(await query('select sku, available from board')).toEqual([{ sku: 'LAMP', available: 3 }]);
  });

  it('brings an early message back by itself', async () => {
    const { orderId, ...rest } = OrderCancelled.example;
    await shop.publish(OrderCancelled.type, { ...rest, orderId: uuid(5) });
    await eventually(
      () => count('deferred'),
      (rows) => rows === 1,
    );
    await shop.publish(OrderPlaced.type, order(5));
    await eventually(
      () => count('baked'),
      (rows) => rows === 2,
    );
    expect(orderId).not.toBe(uuid(5));
  });

  it('keeps an event that no queue is bound to, and sends it once one is', async () => {
    await shop.close();
    shop = await Outsider.connect(rabbitUrl);
    await shop.publish(OrderPlaced.type, order(6));
    await eventually(
      () => query('select last_error from outbox'),
      ([row]) => row?.['last_error'] === 'no queue is bound to its routing key',
    );
    await shop.listen('#');
    await reserved(1);
    await eventually(
      () => count('outbox'),
      (rows) => rows === 0,
    );
  });

  it('sends its events once while the journal takes nothing, and the entry when it does', async () => {
    const bindings = `bindings/${encodeURIComponent(vhost)}/e/${JOURNAL_EXCHANGE}/q/${JOURNAL_EXCHANGE}`;
    const since = new Date();
    const row = () => query('select attempts, last_error, events_sent from outbox');
    await manage('DELETE', `${bindings}/%23`);
    await shop.publish(OrderPlaced.type, order(7), 'message-7');
    await reserved(1);
    await eventually(row, ([waiting]) => waiting?.['last_error'] === 'no queue is bound to its routing key');
    await query('update outbox set leased_until = clock_timestamp()');
    await eventually(row, ([waiting]) => waiting?.['attempts'] === 1 && waiting['events_sent'] === true);
    await manage('POST', bindings, { routing_key: '#' });
    await query('update outbox set leased_until = clock_timestamp()');
    await eventually(
      () => count('outbox'),
      (rows) => rows === 0,
    );
    expect(shop.heard.filter(({ type }) => type === StockReserved.type)).toHaveLength(1);
    const entries: JournalEntry[] = [];
    await readJournal(rabbitUrl, { since, take: (entry) => void entries.push(entry) });
    const [entry] = entries.filter(({ handled }) => handled.includes('message-7'));
    expect(entry?.events).toMatchObject([{ type: StockReserved.type, subject: uuid(7) }]);
  });

  it('subscribes again when its connections are closed by force, and loses nothing', async () => {
    for (let n = 100; n < 200; n += 1) await shop.publish(OrderPlaced.type, order(n));
    await cutConnections(vhost, 'bakery');
    for (let n = 200; n < 300; n += 1) await shop.publish(OrderPlaced.type, order(n));
    await eventually(
      () => count('baked'),
      (rows) => rows === 200,
    );
    await eventually(
      () => Promise.resolve(department.transport.notReadyBecause),
      (reason) => reason === undefined,
    );
    expect(new Set((await reserved(200)).map(({ subject }) => subject)).size).toBe(200);
  });

  it('declares a queue anew that was deleted under it', async () => {
    await manage('DELETE', `queues/${encodeURIComponent(vhost)}/bakery.bake-bread`);
    await eventually(
      () => Promise.resolve(department.warnings.join()),
      (log) => log.includes('the broker cancelled the consumer'),
    );
    await eventually(
      () => Promise.resolve(department.transport.notReadyBecause),
      (reason) => reason === undefined,
    );
    await shop.publish(OrderPlaced.type, order(7));
    await reserved(1);
  });

  it('keeps its events while the exchange is missing, and sends them once it is there again', async () => {
    await manage('DELETE', `exchanges/${encodeURIComponent(vhost)}/retaguarda`);
    await shop.channel.bindQueue('bakery.bake-bread', 'amq.topic', OrderPlaced.type);
    await shop.publishRaw({ ...messageOf(OrderPlaced.of(order(8))), exchange: 'amq.topic' });
    await eventually(
      () => query('select last_error from outbox'),
      ([row]) => String(row?.['last_error']).includes(`NOT_FOUND - no exchange 'retaguarda'`),
    );
    expect(await count('baked')).toBe(1);
    await ensureVhost(testServers().broker, vhost);
    await shop.listen('#');
    await reserved(1);
    await eventually(
      () => count('outbox'),
      (rows) => rows === 0,
    );
    // Its queues are bound again with its next connection.
    await cutConnections(vhost, 'bakery');
    await eventually(
      () => manage('GET', `queues/${encodeURIComponent(vhost)}/bakery.bake-bread/bindings`) as Promise<unknown[]>,
      (bindings) => JSON.stringify(bindings).includes('"source":"retaguarda"'),
    );
    await shop.publish(OrderPlaced.type, order(9));
    await reserved(2);
  });

  it('drains when it is stopped under load: nothing is lost, nothing twice', async () => {
    const publishing = (async () => {
      for (let n = 1_000; n < 1_600; n += 1) await shop.publish(OrderPlaced.type, order(n));
    })();
    await eventually(
      () => count('baked'),
      (rows) => rows > 20,
    );
    await department.stop();
    await publishing;
    department = await openOnline(bakery, { databaseUrl, rabbitUrl });
    await eventually(
      () => count('baked'),
      (rows) => rows === 600,
    );
    const events = await reserved(600);
    expect(new Set(events.map(({ subject }) => subject)).size).toBe(600);
    expect(await count('suspects')).toBe(0);
  });

  it('answers at its operations door: ready, table, depths, metrics', async () => {
    const get = async (path: string) => (await fetch(`${department.url}${path}`)).text();
    expect(JSON.parse(await get('/health/ready'))).toEqual({ status: 'ready' });
    const table = JSON.parse(await get('/ops/process')) as { rows: { command: string; consumers?: number }[] };
    expect(table.rows.find(({ command }) => command === 'bake-bread')).toMatchObject({
      queue: 'bakery.bake-bread',
      consumers: 1,
      waiting: 0,
    });
    expect(await get('/metrics')).toContain('retaguarda_messages_total{step="bakery.bake-bread",outcome="handled"}');
  });

  it('shows, re-drives and discards parked messages, each once and with who and why', async () => {
    const post = async (path: string, body?: unknown) => {
      const headers = { 'x-actor': 'ana', ...(body ? { 'content-type': 'application/json' } : {}) };
      const answer = await fetch(`${department.url}${path}`, {
        method: 'POST',
        headers,
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
      return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
    };
    await shop.publish(OrderPlaced.type, order(8, 'never works'));
    await shop.publish(OrderPlaced.type, order(9, 'never works'));
    await eventually(
      () => count('parked'),
      (rows) => rows === 2,
    );
    const list = (await (await fetch(`${department.url}/ops/parked`)).json()) as { items: { id: string }[] };
    const [first, second] = list.items;
    expect(JSON.stringify(list)).not.toContain(OrderPlaced.example.customer.name);
    expect(await post(`/ops/parked/${first!.id}/redrive`)).toMatchObject({
      status: 200,
      body: { state: 'redriven', resolvedBy: 'ana' },
    });
    expect(await post(`/ops/parked/${second!.id}/discard`, {})).toMatchObject({
      status: 422,
      body: { errors: [{ field: 'reason' }] },
    });
    expect(await post(`/ops/parked/${second!.id}/discard`, { reason: 'a test order' })).toMatchObject({
      body: { state: 'discarded', resolution: 'a test order' },
    });
    await eventually(
      () => query(`select state, count(*)::int as n from parked group by state order by state`),
      (states) => states.length === 3,
    );
    expect(await post(`/ops/parked/${uuid(1)}/redrive`)).toMatchObject({ status: 404 });
  });
});
