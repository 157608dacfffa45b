import { OrderPlaced } from '@retaguarda/contracts';
import type { AddressInfo, Server, Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import { DataSource } from 'typeorm';
import { eventually, freshDatabase, freshVhost, openOnline, Outsider, type OnlineDepartment } from '../src/index.js';
import { bakery, oven } from './bakery.js';
import { connectionsOf, cutConnections, limitDeliveries, manage } from './management.js';

const uuid = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;

/** A way to a server that can be cut and mended. While it is cut it hangs up on every caller. */
class Wire {
  private isCut = false;
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;

  constructor(private readonly target: URL) {
    this.server = createServer((near) => {
      near.on('error', () => undefined);
      if (this.isCut) return void near.resume().end();
      const far = connect(Number(target.port), target.hostname).on('error', () => undefined);
      for (const socket of [near, far]) this.sockets.add(socket);
      near.pipe(far).pipe(near);
    });
  }

  listen(): Promise<void> {
    return new Promise((resolve) => this.server.listen(0, '127.0.0.1', resolve));
  }

  cut(): void {
    this.isCut = true;
    for (const socket of this.sockets) socket.destroy();
    this.sockets.clear();
  }

  mend(): void {
    this.isCut = false;
  }

  close(): void {
    this.cut();
    this.server.close();
  }

  get url(): string {
    const url = new URL(this.target);
    url.hostname = '127.0.0.1';
    url.port = String((this.server.address() as AddressInfo).port);
    return url.toString();
  }
}

describe('a department that is stopped at a bad moment', () => {
  let rabbitUrl: string;
  let vhost: string;
  let databaseUrl: string;
  let wire: Wire;
  let shop: Outsider;
  let outside: DataSource;
  let department: OnlineDepartment;

  const start = async () => (department = await openOnline(bakery, { databaseUrl: wire.url, rabbitUrl }));
  const count = async (table: string) => {
    const rows: { n: string }[] = await outside.query(`select count(*) as n from ${table}`);
    return Number(rows[0]!.n);
  };
  const place = async (from: number, to: number) => {
    for (let n = from; n < to; n += 1)
      await shop.publish(OrderPlaced.type, { ...OrderPlaced.example, orderId: uuid(n) });
  };
  /** Holds every handler in its transaction until the returned function is called. */
  const holdWork = () => {
    let held = 0;
    let release: () => void;
    const released = new Promise<void>((resolve) => (release = resolve));
    oven.warmUp = () => {
      held += 1;
      return released;
    };
    const isHeld = () =>
      eventually(
        () => Promise.resolve(held),
        (handlers) => handlers > 0,
      );
    return { isHeld, release: release! };
  };

  beforeAll(async () => {
    rabbitUrl = await freshVhost();
    vhost = decodeURIComponent(new URL(rabbitUrl).pathname.slice(1));
    databaseUrl = await freshDatabase('bakery');
    outside = await new DataSource({ type: 'postgres', url: databaseUrl }).initialize();
    wire = new Wire(new URL(databaseUrl));
    await wire.listen();
    await limitDeliveries(vhost, 'bakery');
    shop = await Outsider.connect(rabbitUrl);
    await start();
  });
  afterAll(async () => {
    await department.stop();
    await shop.close();
    await outside.destroy();
    wire.close();
  });
  beforeEach(async () => {
    await outside.query('truncate baked, inbox, outbox, deferred, suspects, parked');
  });

  it('leaves its queue alone when its connections are lost during the stop', async () => {
    const work = holdWork();
    await place(0, 1);
    await work.isHeld();
    const stopped = department.stop();
    await cutConnections(vhost, 'bakery');
    await place(1, 40);
    // Once they are listed they have been there for long enough to be subscribed.
    await connectionsOf(vhost, 'bakery');
    const { consumerCount } = await shop.channel.checkQueue('bakery.bake-bread');
    work.release();
    await stopped;
    expect([consumerCount, await count('baked')]).toEqual([0, 1]);
    const dead = (await manage('GET', `queues/${encodeURIComponent(vhost)}/bakery.dead`)) as { messages?: number };
    expect(dead.messages ?? 0).toBe(0);
    await start();
    await eventually(
      () => count('baked'),
      (rows) => rows === 40,
    );
    // The one that was held comes again, and is known; only then is the step at rest.
    await eventually(
      () => Promise.resolve(department.messaging.tallies.of('bakery.bake-bread')),
      ({ handled, duplicates }) => handled === 39 && duplicates === 1,
    );
    expect(await count('parked')).toBe(0);
  });

  it('stops without its database, and its messages are still there afterwards', async () => {
    wire.cut();
    await place(100, 110);
    await eventually(
      () => Promise.resolve(department.messaging.gate.isOpen),
      (isOpen) => !isOpen,
    );
    await department.stop();
    wire.mend();
    await start();
    await eventually(
      () => count('baked'),
      (rows) => rows === 10,
    );
    expect(await count('parked')).toBe(0);
  });

  it('lives on when its queue is deleted while a batch is at work', async () => {
    const work = holdWork();
    await place(200, 201);
    await work.isHeld();
    await manage('DELETE', `queues/${encodeURIComponent(vhost)}/bakery.bake-bread`);
    work.release();
    await eventually(
      () => Promise.resolve(department.transport.notReadyBecause),
      (reason) => reason === undefined,
    );
    await eventually(
      () => manage('GET', `queues/${encodeURIComponent(vhost)}/bakery.bake-bread/bindings`).catch(() => []),
      (bindings) => JSON.stringify(bindings).includes(OrderPlaced.type),
    );
    await place(201, 202);
    await eventually(
      () => count('baked'),
      (rows) => rows === 2,
    );
  });
});
