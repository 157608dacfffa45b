import { OrderSubmitted } from '@retaguarda/contracts';
import { eventually as within, Outsider, testServers } from '@retaguarda/testing';
import pg from 'pg';
import { Line } from '../src/faults/network/lines.js';
import { Company, controlRoom, departments, RunningDepartment } from './company.js';

interface Answer {
  readonly clean: boolean | null;
  readonly takenAt?: string;
  readonly orders?: number;
  readonly checks?: readonly { name: string; count: number; offending: string[] }[];
  readonly problem?: string;
  readonly unread: readonly { department: string; reason: string }[];
  readonly notes?: readonly string[];
}

const ORDERS = 3;
const CANARIES = ['52998224725', 'joana@example.com', 'Joana', 'Rua das Amostras'];
/** Processes start slowly on a machine that has other work to do. */
const eventually = <T>(ask: () => Promise<T>, passes: (answer: T) => boolean) => within(ask, passes, 90_000);

/** The built programs on real servers: build before (`npm run build`). */
describe('the control room of a company', () => {
  let company: Company;
  let room: RunningDepartment;
  let toSales: Line;
  let orderId: string;
  const heard: string[] = [];

  const asAdministrator = async (statement: string) => {
    const client = new pg.Client({ connectionString: testServers().database.adminUrl });
    await client.connect();
    await client.query(statement).finally(() => client.end());
  };
  const answer = async (): Promise<Answer> => {
    const body = (await room.http('GET', '/api/audit')) as Answer;
    heard.push(JSON.stringify(body));
    return body;
  };
  const metrics = async (): Promise<string> => {
    const body = String(await room.http('GET', '/metrics'));
    heard.push(body);
    return body;
  };
  const foundIn = ({ checks = [] }: Answer) =>
    Object.fromEntries(checks.filter(({ count }) => count > 0).map(({ name, offending }) => [name, offending]));

  beforeAll(async () => {
    company = await Company.found();
    await Promise.all(departments.map((name) => company.start(name, { FULFILLMENT_MODE: 'auto' })));
    const lines = OrderSubmitted.example.lines.map(({ sku }) => ({ sku, name: sku, quantity: 1_000 }));
    await company.department('stock').http('POST', '/receipts', { reference: 'R-1', lines });
    const storefront = await Outsider.connect(company.rabbitUrl);
    for (let number = 1; number <= ORDERS; number += 1) {
      const order = { ...OrderSubmitted.example, externalId: `C-${number}` };
      await storefront.publish(
        OrderSubmitted.type,
        OrderSubmitted.of({ ...order, payment: { terms: 'prepaid', method: 'pix', reference: order.externalId } }),
      );
    }
    const completed = () => company.department('sales').http('GET', '/orders?status=completed');
    const { items } = await eventually(completed, (page) => page.items.length === ORDERS);
    orderId = items[0].orderId ?? items[0].id;
    await storefront.close();
    // Stock rests before it takes the last ones from the shelf.
    for (const { sku } of lines)
      await eventually(
        () => company.department('stock').http('GET', `/items/${sku}`),
        ({ reserved }) => reserved === 0,
      );
    await company.stop();
    const often = { AUDIT_EVERY_SECONDS: '1', AUDIT_SETTLE_SECONDS: '0', AUDIT_BUSY_PERCENT: '100' };
    const sales = new URL(company.auditEnvironment['AUDIT_SALES_URL']!);
    toSales = await Line.to(sales.hostname, Number(sales.port));
    sales.host = `127.0.0.1:${toSales.port}`;
    const environment = { ...company.auditEnvironment, ...often, AUDIT_SALES_URL: sales.href };
    room = await RunningDepartment.start(controlRoom, environment);
  }, 180_000);

  afterAll(async () => {
    await room?.stop();
    await toSales?.close();
    await company?.stop();
  }, 60_000);

  it('audits by itself, again and again', async () => {
    const first = await eventually(answer, ({ clean }) => clean !== null);
    expect(first).toMatchObject({ clean: true, orders: ORDERS, unread: [], notes: [] });
    await eventually(answer, ({ takenAt }) => takenAt !== first.takenAt);
    expect(await metrics()).toMatch(/^retaguarda_audit_orders 3$/m);
  }, 120_000);

  it('has the doors that every service has', async () => {
    expect((await room.ask('GET', '/health/ready')).status).toBe(200);
    const front = await fetch(room.url, { redirect: 'manual' });
    expect([front.status, front.headers.get('location')]).toEqual([302, '/docs']);
    expect((await fetch(`${room.url}/docs`)).status).toBe(200);
    expect(Object.keys((await room.http('GET', '/docs-json')).paths)).toContain('/api/audit');
    const nothing = await fetch(`${room.url}/api/nothing`);
    expect(nothing.status).toBe(404);
    expect(nothing.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  });

  it('finds what was planted while it runs, and sees that it was mended', async () => {
    await company.sql('sales', 'update orders set total = total + 1 where id = $1', [orderId]);
    const found = await eventually(answer, ({ clean }) => clean === false);
    expect(foundIn(found)).toEqual({ 'invoiced-as-ordered': [orderId] });
    const line = (count: number) => `retaguarda_audit_findings{check="invoiced-as-ordered",promise="P7"} ${count}`;
    expect(await metrics()).toContain(line(1));
    await company.sql('sales', 'update orders set total = total - 1 where id = $1', [orderId]);
    await eventually(answer, ({ clean }) => clean === true);
    expect(await metrics()).toContain(line(0));
    expect((await room.http('POST', '/api/audit')).clean).toBe(true);
  }, 120_000);

  it('says which database is away, stays up, is not ready meanwhile, and goes on afterwards', async () => {
    const database = pg.escapeIdentifier(decodeURIComponent(new URL(company.databases.stock).pathname.slice(1)));
    await asAdministrator(`alter database ${database} allow_connections false`);
    const blind = await eventually(answer, ({ unread }) => unread.length > 0);
    expect(blind).toMatchObject({ clean: null, orders: ORDERS, unread: [{ department: 'stock' }] });
    expect(blind.problem).toContain('The database of stock cannot be read');
    expect(await metrics()).toContain('retaguarda_audit_unread{department="stock"} 1');
    const ready = await room.ask('GET', '/health/ready');
    expect(ready).toMatchObject({ status: 503, body: { detail: expect.stringContaining('database of stock') } });
    expect((await room.ask('GET', '/health/live')).status).toBe(200);
    await asAdministrator(`alter database ${database} allow_connections true`);
    await eventually(answer, ({ clean }) => clean === true);
    expect((await room.ask('GET', '/health/ready')).status).toBe(200);
    expect(await metrics()).toContain('retaguarda_audit_unread{department="stock"} 0');
  }, 120_000);

  it('does not wait for the audit when it is stopped in the middle of it', async () => {
    const holder = new pg.Client({ connectionString: company.databases.sales });
    await holder.connect();
    try {
      await holder.query('begin');
      await holder.query('lock table orders in access exclusive mode');
      const waiting = () =>
        company.sql('sales', `select from pg_locks where not granted and relation = 'orders'::regclass`);
      await eventually(waiting, (locks) => locks.length > 0);
      // From now on it hears nothing of sales. An audit waits for two minutes; a stop that waits too is cut off with 1.
      toSales.become('black hole');
      await room.stop();
      expect([room.exitCode, room.lastWords]).toEqual([0, expect.stringContaining('draining')]);
    } finally {
      await holder.end();
    }
  }, 180_000);

  it('shows and logs nobody’s data, and no key', () => {
    const everything = [...heard, room.lastWords].join('\n');
    const keys = Object.values(company.auditEnvironment).map((url) => new URL(url!).password);
    for (const secret of [...CANARIES, ...keys.filter((key) => key !== '')]) expect(everything).not.toContain(secret);
  });
});
