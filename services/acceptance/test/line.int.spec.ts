import { OrderCancellationRequested, OrderCompleted, OrderSubmitted, type PaymentMethod } from '@retaguarda/contracts';
import { eventually, Outsider } from '@retaguarda/testing';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Company, departments, runAudit } from './company.js';

const CHANNEL = 'race-shop';
const [GOODS, , SERVICE] = OrderSubmitted.example.lines;

interface Wish {
  readonly sku?: string;
  readonly quantity?: number;
  readonly method?: PaymentMethod;
  readonly terms?: 'prepaid' | 'on-invoice' | 'in-advance';
  readonly delivery?: 'ship' | 'pickup';
  readonly kinds?: readonly ('goods' | 'service')[];
}

/** An order that a storefront would send; every wish has a default. */
function orderOf(externalId: string, wish: Wish = {}): OrderSubmitted {
  const { sku = 'LAMP', quantity = 1, method = 'pix', terms = 'prepaid', delivery = 'ship', kinds = ['goods'] } = wish;
  const line = { goods: { ...GOODS!, sku, quantity, discount: 0 }, service: SERVICE! };
  return OrderSubmitted.of({
    ...OrderSubmitted.example,
    channel: CHANNEL,
    externalId,
    delivery: delivery === 'ship' ? OrderSubmitted.example.delivery : { method: 'pickup' },
    lines: kinds.map((kind) => line[kind]),
    payment: { terms, method, reference: externalId },
  });
}

/** The built programs of all departments on real servers, as `npm run build` left them; fulfillment in auto. */
describe('the line, from sale to cash', () => {
  let company: Company;
  let shop: Outsider;

  beforeAll(async () => {
    company = await Company.found();
    await Promise.all(
      departments.map((name) => company.start(name, { FULFILLMENT_MODE: 'auto', SIMULATED_BOLETO_SECONDS: '1' })),
    );
    shop = await Outsider.connect(company.rabbitUrl);
    await shop.listen('sales.#');
    await receive('delivery', [{ sku: 'LAMP', quantity: 1_000 }]);
  }, 120_000);
  afterAll(async () => {
    await shop.close();
    await company.stop();
  }, 60_000);

  const receive = (reference: string, lines: { sku: string; quantity: number }[]) =>
    company.department('stock').http('POST', '/receipts', { reference, lines });
  const submit = (externalId: string, wish?: Wish) => shop.publish(OrderSubmitted.type, orderOf(externalId, wish));
  const orderBy = async (externalId: string) => {
    const { items } = await company
      .department('sales')
      .http('GET', `/orders?channel=${CHANNEL}&externalId=${externalId}`);
    return items[0] as { orderId: string; status: string } | undefined;
  };
  const untilEnd = (externalId: string) =>
    eventually(
      () => orderBy(externalId),
      (order) => ['completed', 'rejected', 'cancelled'].includes(order?.status ?? ''),
    );
  const audit = async () => {
    const { code, out } = await runAudit(['--json', '--settle', '0'], company.auditEnvironment);
    const report = JSON.parse(out) as {
      clean: boolean;
      checks: { name: string; count: number; offending: string[] }[];
    };
    return { code, findings: report.checks.filter(({ count }) => count > 0) };
  };

  it('hands an order from the storefront to cash, to a program that knows only the pinned names', async () => {
    const program = fileURLToPath(new URL('../../../deploy/local/sample/storefront-in-20-lines.mjs', import.meta.url));
    await receive('for the sample', [{ sku: '85123A', quantity: 100 }]);
    const child = spawn(process.execPath, [program], {
      env: { PATH: process.env['PATH'], RABBITMQ_URL: company.users.urlOf('storefront.sample') },
    });
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => void (said += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => void (said += chunk.toString()));
    const [code] = (await once(child, 'close')) as [number];
    expect({ code, said }).toMatchObject({ code: 0, said: expect.stringMatching(/completed/) });
  });

  it.each<[string, Wish]>([
    ['prepaid and shipped', {}],
    ['paid by Pix when invoiced', { terms: 'on-invoice', method: 'pix' }],
    ['paid by card when invoiced', { terms: 'on-invoice', method: 'card' }],
    ['paid by boleto, days later for the simulated bank', { terms: 'on-invoice', method: 'boleto' }],
    ['picked up at the counter', { delivery: 'pickup' }],
    ['nothing but a service', { kinds: ['service'] }],
    ['goods and a service', { kinds: ['goods', 'service'] }],
  ])('completes an order that is %s', async (what, wish) => {
    const externalId = what.replaceAll(/[^a-z]+/gi, '-');
    await submit(externalId, wish);
    const [event] = await shop.hearing(
      1,
      ({ type, data }) => type === OrderCompleted.type && data['externalId'] === externalId,
    );
    const { orderId, status } = (await untilEnd(externalId))!;
    expect([event!.data['orderId'], status]).toEqual([orderId, 'completed']);
    const [invoice] = (await company.department('invoicing').http('GET', `/invoices?orderId=${orderId}`)).items;
    const [receivable] = (await company.department('billing').http('GET', `/receivables?orderId=${orderId}`)).items;
    expect(receivable).toMatchObject({ amount: invoice.total, status: 'paid' });
    expect(event!.data['total']).toBe(invoice.total);
  });

  it('rejects an order with what is missing, and one whose terms are not offered', async () => {
    await submit('too-many', { quantity: 1_000_000 });
    await submit('in-advance', { terms: 'in-advance' });
    const reasons = async (externalId: string) => {
      const [event] = await shop.hearing(
        1,
        ({ type, data }) => type === 'sales.order-rejected.v1' && data['externalId'] === externalId,
      );
      return String(event!.data['reasons']);
    };
    expect(await reasons('too-many')).toMatch(/LAMP.*1000000 requested/);
    expect(await reasons('in-advance')).toMatch(/in advance/);
  });

  it('has an order once that is submitted twice over AMQP and twice over HTTP', async () => {
    const order = orderOf('four-times');
    const post = () => company.department('sales').http('POST', '/orders', order);
    const [, , first, second] = await Promise.all([submit('four-times'), submit('four-times'), post(), post()]);
    await untilEnd('four-times');
    expect(first.orderId).toBe(second.orderId);
    const count = await company.sql<{ n: number }>(
      'sales',
      `select count(*)::int as n from orders where external_id = 'four-times'`,
    );
    expect(count).toEqual([{ n: 1 }]);
    const completed = await shop.hearing(
      1,
      ({ type, data }) => type === OrderCompleted.type && data['externalId'] === 'four-times',
    );
    expect(completed).toHaveLength(1);
  });

  it('sells exactly 50 of 50 pieces to 200 orders that race for them on 20 connections', async () => {
    await receive('fifty', [{ sku: 'RARE', quantity: 50 }]);
    const shops = await Promise.all(Array.from({ length: 20 }, () => Outsider.connect(company.rabbitUrl)));
    const sales = shops.map(async (each, shopNumber) => {
      for (let n = 0; n < 10; n += 1)
        await each.publish(OrderSubmitted.type, orderOf(`rare-${shopNumber}-${n}`, { sku: 'RARE' }));
    });
    await Promise.all(sales);
    const counts = async () => {
      const rows = await company.sql<{ end: string; n: number }>(
        'sales',
        `select case when completed_at is not null then 'completed' when rejected_at is not null then 'rejected' else 'open' end as end,
                count(*)::int as n from orders where external_id like 'rare-%' group by 1`,
      );
      return Object.fromEntries(rows.map(({ end, n }) => [end, n]));
    };
    expect(
      await eventually(
        counts,
        ({ open = 0, completed = 0, rejected = 0 }) => open === 0 && completed + rejected === 200,
      ),
    ).toEqual({
      completed: 50,
      rejected: 150,
    });
    // Stock rests before it takes the last ones from the shelf.
    const rare = await eventually(
      () => company.department('stock').http('GET', '/items/RARE'),
      ({ reserved }) => reserved === 0,
    );
    expect(rare).toMatchObject({ onHand: 0, available: 0 });
    await Promise.all(shops.map((each) => each.close()));
  });

  it('decides on cancellations that race with everything, so that each order ends once and the books agree', async () => {
    const ids = Array.from({ length: 30 }, (_, n) => `cancelled-${n}`);
    const cancel = (externalId: string) =>
      shop.publish(
        OrderCancellationRequested.type,
        OrderCancellationRequested.of({ channel: CHANNEL, externalId, reason: 'changed my mind' }),
      );
    await Promise.all(ids.flatMap((id, n) => (n % 2 === 0 ? [cancel(id), submit(id)] : [submit(id), cancel(id)])));
    const ends = await Promise.all(ids.map(untilEnd));
    expect(ends.every((order) => order!.status === 'completed' || order!.status === 'cancelled')).toBe(true);
  });

  it.each([
    ['broken JSON', '{"specversion":"1.0"', 'the body is not valid JSON'],
    ['no envelope', '{}', 'specversion'],
    ['a future version', { type: 'storefront.order-submitted.v9', data: {} }, 'v9'],
    [
      'a negative quantity',
      { data: { ...orderOf('bad'), lines: [{ ...GOODS, quantity: -1 }] } },
      'data.lines[0].quantity',
    ],
    [
      'a fractional quantity',
      { data: { ...orderOf('bad'), lines: [{ ...GOODS, quantity: 0.5 }] } },
      'data.lines[0].quantity',
    ],
    ['no lines', { data: { ...orderOf('bad'), lines: [] } }, 'data.lines'],
    [
      '10,000 lines',
      { data: { ...orderOf('bad'), lines: Array(10_000).fill({ sku: 'A', name: 'A', quantity: 1, unitPrice: 1 }) } },
      'data.lines',
    ],
    ['an unknown currency', { data: { ...orderOf('bad'), currency: 'ZZZ' } }, 'data.currency'],
    ['wrong types', { data: { ...orderOf('bad'), customer: 'Ana', placedAt: 7 } }, 'data.customer'],
    ['an over-long text', { data: { ...orderOf('bad'), externalId: 'x'.repeat(500) } }, 'data.externalId'],
    [
      'a dangerous key',
      `{"specversion":"1.0","id":"p","source":"/x","type":"${OrderSubmitted.type}","data":{"__proto__":{"admin":true}}}`,
      '__proto__',
    ],
  ])('parks %s with its reason, and nothing restarts', async (what, body, reason) => {
    const envelope = { specversion: '1.0', id: what, source: '/outside', type: OrderSubmitted.type };
    const text = typeof body === 'string' ? body : JSON.stringify({ ...envelope, ...body });
    await shop.publishRaw({ routingKey: OrderSubmitted.type, body: text, messageId: what });
    const parked = () =>
      company.sql<{ reasons: unknown }>('sales', 'select reasons from parked where message_id = $1', [what]);
    const [row] = await eventually(parked, (rows) => rows.length === 1);
    expect(JSON.stringify(row!.reasons)).toContain(reason);
    expect(await company.department('sales').http('GET', '/health/ready')).toEqual({ status: 'ready' });
  });

  it('parks what comes under a routing key that nobody knows', async () => {
    await shop.publish('storefront.order-shouted.v1', {});
    const parked = () =>
      company.sql<{ cause: string }>('sales', `select cause from parked where step = 'sales.unrecognised'`);
    expect(await eventually(parked, (rows) => rows.length === 1)).toEqual([{ cause: 'unrecognised' }]);
  });

  it('leaves the books clean after all of this, and no personal data in what is listed', async () => {
    await eventually(audit, ({ findings }) => findings.length === 0, 60_000);
    const lists = await Promise.all([
      company.department('sales').http('GET', '/ops/parked'),
      company.department('sales').http('GET', '/orders?limit=200'),
    ]);
    const { customer } = OrderSubmitted.example;
    for (const secret of [customer.document!, customer.email!, customer.phone!])
      expect(JSON.stringify(lists)).not.toContain(secret);
  }, 120_000);
});
