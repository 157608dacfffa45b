import {
  OrderCancellationRequested,
  OrderSubmitted,
  type PaymentMethod,
  type PaymentTerms,
} from '@retaguarda/contracts';
import { eventually as within, Outsider } from '@retaguarda/testing';
import { Company, departments, runAudit, type ProgramEnd } from './company.js';

interface Report {
  readonly clean: boolean;
  readonly takenAt: string;
  readonly orders: number;
  readonly checks: readonly { name: string; promise: string; sentence: string; count: number; offending: string[] }[];
  readonly open: readonly { kind: string; count: number }[];
  readonly aside: readonly { place: string; step: string; count: number }[];
  readonly notes: readonly string[];
}

function reportIn({ code, out, err }: ProgramEnd): Report {
  if (out === '') throw new Error(`The audit ended with ${code}: ${err}`);
  return JSON.parse(out) as Report;
}
const foundIn = (report: Report) =>
  Object.fromEntries(
    report.checks.filter(({ count }) => count > 0).map(({ name, offending }) => [name, offending.sort()]),
  );
/** Processes start slowly on a machine that has other work to do. */
const eventually = <T>(ask: () => Promise<T>, passes: (answer: T) => boolean) => within(ask, passes, 90_000);
const HEARING_OF_PACKED = ['sales.record-progress', 'stock.take-from-shelf', 'invoicing.issue-invoice'];
const CANARIES = ['52998224725', 'joana@example.com', 'Joana', 'Rua das Amostras'];

/** The built programs of all departments on real servers: build before (`npm run build`). */
describe('the audit of a company at work', () => {
  let company: Company;
  let storefront: Outsider;

  const order = (externalId: string, terms: PaymentTerms, method: PaymentMethod, sku = '85123A') =>
    storefront.publish(
      OrderSubmitted.type,
      OrderSubmitted.of({
        ...OrderSubmitted.example,
        externalId,
        lines: OrderSubmitted.example.lines.map((line, index) => (index === 0 ? { ...line, sku } : line)),
        payment: { terms, method, reference: externalId },
      }),
    );
  const cancel = (externalId: string) =>
    storefront.publish(
      OrderCancellationRequested.type,
      OrderCancellationRequested.of({ channel: OrderSubmitted.example.channel, externalId, reason: 'engano' }),
    );
  const idOf = async (externalId: string): Promise<string> => {
    const find = () =>
      company.sql<{ id: string }>('sales', 'select id from orders where external_id = $1', [externalId]);
    const [found] = await eventually(find, (rows) => rows.length === 1);
    return found!.id;
  };
  const statusOf = async (externalId: string): Promise<string> => {
    const { items } = await company.department('sales').http('GET', `/orders?externalId=${externalId}`);
    return items[0]?.status;
  };
  const untilStatus = (externalId: string, status: string) =>
    eventually(
      () => statusOf(externalId),
      (now) => now === status,
    );
  const audit = (...flags: string[]) => runAudit(flags, company.auditEnvironment);
  const smooth = Array.from({ length: 24 }, (_, index) => `S-${index + 1}`);

  beforeAll(async () => {
    company = await Company.found();
    await Promise.all(
      departments.map((name) => company.start(name, name === 'fulfillment' ? { FULFILLMENT_MODE: 'manual' } : {})),
    );
    storefront = await Outsider.connect(company.rabbitUrl);
    const lines = ['85123A', '71053', '22423'].map((sku) => ({ sku, name: sku, quantity: 1_000 }));
    await company.department('stock').http('POST', '/receipts', { reference: 'R-1', lines });
  }, 180_000);

  afterAll(async () => {
    await storefront?.close();
    await company?.stop();
  }, 120_000);

  it('finds nothing wrong while orders are at every place of the line', async () => {
    const terms = [
      ['prepaid', 'pix'],
      ['on-invoice', 'pix'],
      ['on-invoice', 'boleto'],
      ['on-invoice', 'card'],
    ] as const;
    for (const [index, externalId] of smooth.entries()) {
      const [term, method] = terms[index % terms.length]!;
      await order(externalId, term, method);
    }
    await order('short', 'prepaid', 'pix', 'NOT-IN-STOCK');
    await order('advance', 'in-advance', 'pix');
    await Promise.all(['stopped', 'packed'].map((externalId) => order(externalId, 'on-invoice', 'pix')));
    const live = await audit('--json');
    expect([live.code, foundIn(reportIn(live))]).toEqual([0, {}]);
    await untilStatus('short', 'rejected');
    const count = async () => {
      const lists = await company.sql<{ count: number }>('fulfillment', 'select count(*)::int from pick_lists');
      return lists[0]!.count;
    };
    await eventually(count, (lists) => lists === smooth.length + 2);
    // Sales rests before it takes note of the last ones.
    const reserved = async () =>
      (await company.sql<{ count: number }>('sales', 'select count(reserved_at)::int from orders'))[0]!.count;
    await eventually(reserved, (orders) => orders === smooth.length + 2);
    const settled = await audit('--json', '--settle', '0');
    const { clean, orders, open } = reportIn(settled);
    expect({ code: settled.code, clean, orders, open }).toEqual({
      ...{ code: 0, clean: true, orders: smooth.length + 4 },
      open: [{ kind: 'pick list open', count: smooth.length + 2 }],
    });
  }, 180_000);

  it('finds nothing wrong with orders that were cancelled before and after their invoice', async () => {
    await cancel('stopped');
    await untilStatus('stopped', 'cancelled');
    const fulfillment = company.department('fulfillment');
    const list = (await fulfillment.http('GET', `/pick-lists?orderId=${await idOf('packed')}`)).items[0].id as string;
    for (const { sku, quantity } of (await fulfillment.http('GET', `/pick-lists/${list}`)).lines)
      await fulfillment.http('POST', `/pick-lists/${list}/scans`, { code: sku, quantity });
    await fulfillment.http('POST', `/pick-lists/${list}/pack`);
    const orderId = await idOf('packed');
    const settledIn = async () =>
      (await company.department('billing').http('GET', `/receivables?orderId=${orderId}`)).items;
    await eventually(settledIn, ([receivable]) => receivable?.status === 'paid');
    await cancel('packed');
    await eventually(settledIn, ([receivable]) => receivable?.status === 'void');
    await eventually(
      () => audit('--json', '--settle', '0').then(reportIn),
      ({ clean }) => clean,
    );
  }, 180_000);

  it('finds nothing wrong when everything is shipped and paid, and says so to people', async () => {
    await company.department('fulfillment').stop();
    await company.start('fulfillment', { FULFILLMENT_MODE: 'auto' });
    for (const externalId of smooth) await untilStatus(externalId, 'completed');
    await eventually(
      () => audit('--json', '--settle', '0').then(reportIn),
      ({ clean }) => clean,
    );
    await company.stop();
    const { code, out, err } = await audit('--settle', '0');
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('Everything adds up.');
    expect(reportIn(await audit('--json', '--settle', '0'))).toMatchObject({
      ...{ clean: true, orders: smooth.length + 4, open: [], notes: [] },
    });
  }, 180_000);

  it('cannot change anything', async () => {
    const { code } = await audit();
    expect(code).toBe(0);
    const digests = () =>
      Promise.all(
        departments.map((name) =>
          company.sql(name, `select sum(n_tup_ins + n_tup_upd + n_tup_del)::int as writes from pg_stat_user_tables`),
        ),
      );
    const before = await digests();
    await audit('--json');
    expect(await digests()).toEqual(before);
  }, 120_000);

  it('counts a message that was parked as information, and explains its order by it', async () => {
    const orderId = await idOf('S-24');
    const hide = `update orders set packed_at = null where id = $1`;
    const show = `update orders set packed_at = invoiced_at where id = $1`;
    await company.sql('sales', hide, [orderId]);
    const park = `insert into parked (id, step, message_key, subject, exchange, routing_key, headers, body, cause, reasons, attempts)
      values (gen_random_uuid(), 'sales.record-progress', 'k', $1, 'retaguarda', 'fulfillment.order-packed.v1', '{}', '', 'invalid', '[]', 1)`;
    await company.sql('sales', park, [orderId]);
    const report = reportIn(await audit('--json', '--settle', '0'));
    expect([foundIn(report), report.aside]).toEqual([
      {},
      [{ place: 'parked', step: 'sales.record-progress', count: 1 }],
    ]);
    await company.sql('sales', 'delete from parked');
    expect(foundIn(reportIn(await audit('--json', '--settle', '0')))).toEqual({
      'told-to-sales': [`${orderId} sales.record-progress fulfillment.order-packed.v1`],
    });
    await company.sql('sales', show, [orderId]);
  }, 120_000);

  it('explains an effect that is missing by the event in the outbox, unless only its journal entry waits there', async () => {
    const orderId = await idOf('S-24');
    await company.sql('sales', 'update orders set packed_at = null where id = $1', [orderId]);
    const id = '01936000-0000-7000-8000-00000000dddd';
    const event = { subject: orderId, type: 'fulfillment.order-packed.v1' };
    const wait = `insert into outbox (id, envelopes, leased_until) values ($1, $2, now() + interval '1 hour')`;
    await company.sql('fulfillment', wait, [id, JSON.stringify([event])]);
    const found = async () => foundIn(reportIn(await audit('--json', '--settle', '0')));
    expect(await found()).toEqual({});
    await company.sql('fulfillment', 'update outbox set events_sent = true where id = $1', [id]);
    expect(Object.keys(await found())).toEqual(['told-to-sales']);
    await company.sql('fulfillment', 'delete from outbox where id = $1', [id]);
    await company.sql('sales', 'update orders set packed_at = invoiced_at where id = $1', [orderId]);
  }, 120_000);

  it('explains an effect that is missing by the message in its queue', async () => {
    const orderId = await idOf('S-24');
    await company.sql('sales', 'update orders set packed_at = null where id = $1', [orderId]);
    const publish = { routingKey: 'fulfillment.order-packed.v1', body: '{}' };
    await storefront.publishRaw(publish);
    const found = async () => foundIn(reportIn(await audit('--json', '--settle', '0')));
    // What a queue of a slow broker tells may be older than an audit waits for.
    await eventually(found, (checks) => Object.keys(checks).length === 0);
    for (const queue of HEARING_OF_PACKED) await storefront.channel.purgeQueue(queue);
    await eventually(found, (checks) => Object.keys(checks).join() === 'told-to-sales');
    await company.sql('sales', 'update orders set packed_at = invoiced_at where id = $1', [orderId]);
  }, 240_000);

  it('finds what was planted in each department, and nothing else', async () => {
    const ids = await Promise.all(smooth.map(idOf));
    const of = (number: number) => ids[number - 1]!;
    const one = async <Row>(name: (typeof departments)[number], text: string, ...parameters: unknown[]) =>
      (await company.sql<Row>(name, text, parameters))[0]!;

    // Sales
    await company.sql('sales', 'delete from orders where id = $1', [of(1)]);
    await company.sql('sales', 'update orders set total = total + 1 where id = $1', [of(2)]);
    await company.sql('sales', 'update orders set completed_at = null where id = $1', [of(3)]);
    await company.sql(
      'sales',
      `insert into orders (id, channel, external_id, sheet, total, currency, reasons, placed_at)
       select $1, channel, 'lost', sheet, total, currency, '{}', placed_at from orders where id = $2`,
      ['01936000-0000-7000-8000-00000000aaaa', of(4)],
    );
    // Stock
    await company.sql('stock', `update reservations set status = 'reserved' where order_id = $1`, [of(5)]);
    await company.sql('stock', `update levels set on_hand = on_hand + 1 where sku = '22423'`);
    // Fulfillment
    await company.sql('fulfillment', 'delete from pick_lists where order_id = $1', [of(6)]);
    await company.sql(
      'fulfillment',
      `update parcels set lines = jsonb_set(lines, '{0,quantity}', '5') where order_id = $1`,
      [of(7)],
    );
    await company.sql(
      'fulfillment',
      'update parcels set carrier = null, tracking_code = null, dispatched_at = null where order_id = $1',
      [of(8)],
    );
    await company.sql(
      'fulfillment',
      `update pick_lists set invoice = jsonb_set(invoice, '{number}', '999') where order_id = $1`,
      [of(12)],
    );
    // Invoicing
    await company.sql('invoicing', 'alter table invoices drop constraint invoices_total');
    await company.sql('invoicing', 'update invoices set shipping_fee = shipping_fee + 1 where order_id = $1', [of(9)]);
    const gone = await one<{ number: number }>(
      'invoicing',
      'delete from invoices where order_id = $1 returning number',
      of(10),
    );
    // Billing
    await company
      .sql('billing', 'alter table ledger_entries disable trigger all')
      .catch(() => company.sql('billing', 'drop trigger ledger_entries_append_only on ledger_entries'));
    const receivable = await one<{ id: string }>('billing', 'select id from receivables where order_id = $1', of(11));
    await company.sql(
      'billing',
      `update ledger_entries set amount = amount - 1 where receivable_id = $1 and kind = 'payment'`,
      [receivable.id],
    );
    await company.sql(
      'billing',
      `update charges set amount = amount + 1
       where receivable_id = (select id from receivables where order_id = $1)`,
      [of(14)],
    );
    await company.sql(
      'billing',
      `insert into payments (id, provider, reference, stated_for, amount, currency, applied, refunded, problem, paid_at, recorded_at)
       values ('01936000-0000-7000-8000-00000000bbbb', 'mp', 'x', 'nobody', 5, 'BRL', 0, 0, 'unknown receivable', now(), now() - interval '1 hour')`,
    );
    await company.sql(
      'billing',
      `insert into ledger_entries (kind, reference, debit_account, credit_account, amount, currency, booked_at)
       values ('unmatched', '01936000-0000-7000-8000-00000000bbbb', 'cash', 'unmatched', 5, 'BRL', now())`,
    );
    const again = [
      ['dddd', 'BRL'],
      ['eeee', 'USD'],
    ] as const;
    for (const [ending, currency] of again) {
      const id = `01936000-0000-7000-8000-00000000${ending}`;
      await company.sql(
        'billing',
        `insert into payments (id, provider, reference, stated_for, receivable_id, amount, currency, applied, refunded, problem, paid_at, recorded_at)
         select $1::uuid, 'mp', $1::text, invoice_id, id, 5, $2, 0, 0, 'paid already', now(), now() - interval '1 hour'
           from receivables where order_id = $3`,
        [id, currency, of(15)],
      );
      await company.sql(
        'billing',
        `insert into ledger_entries (kind, reference, debit_account, credit_account, amount, currency, booked_at)
         values ('unmatched', $1, 'cash', 'unmatched', 5, $2, now())`,
        [id, currency],
      );
    }
    await company.sql(
      'billing',
      `insert into outbox (id, envelopes, created_at, leased_until)
       values ('01936000-0000-7000-8000-00000000cccc', '[]', now() - interval '2 minutes', now())`,
    );

    const { code, out } = await audit('--json', '--settle', '0');
    const report = JSON.parse(out) as Report;
    expect(code).toBe(1);
    expect(foundIn(report)).toEqual(
      sorted({
        'work-has-order': [of(1)],
        'receivable-has-order': [of(1), of(10)],
        'invoiced-as-ordered': [of(2)],
        'completed-is-shipped-and-paid': [of(3), of(6)],
        'unfinished-is-explained': [of(3)],
        'accepted-is-decided': ['01936000-0000-7000-8000-00000000aaaa stock.reserve-stock'],
        'handed-on': [
          `${of(5)} stock.take-from-shelf`,
          `${of(6)} fulfillment.open-pick-list`,
          `${of(10)} invoicing.issue-invoice`,
        ],
        'reserved-is-held': await placesHeldBy(company, of(5)),
        'sold-is-taken': await placesHeldBy(company, of(5)),
        'on-hand-is-movements': ['22423@main'],
        'goods-as-ordered': [of(7)],
        'invoiced-when-packed': [of(6)],
        'sales-tells-the-truth': [of(6), of(10)],
        'shipped-whole': [of(8)],
        'invoice-as-issued': [of(12)],
        'invoice-adds-up': [of(9)],
        'shipped-with-invoice': [of(10)],
        'series-without-gap': ['1'],
        'ledger-knows-what-is-owed': [of(11)],
        'accounts-agree': ['cash BRL', 'receivables BRL'],
        'charged-as-owed': [of(14)],
        'kept-at-most-what-is-owed': [of(15)],
        'money-has-an-order': ['01936000-0000-7000-8000-00000000bbbb', '01936000-0000-7000-8000-00000000eeee'],
        'outbox-drained': ['billing/01936000-0000-7000-8000-00000000cccc'],
      }),
    );
    expect(gone.number).toBeGreaterThan(0);
    const shown = await audit('--settle', '0');
    expect(shown.code).toBe(1);
    expect(shown.out).toContain('24 of');
    for (const canary of CANARIES) expect(out + shown.out).not.toContain(canary);
  }, 180_000);

  it('says why it could not look, and that is neither clean nor a finding', async () => {
    const nothing = await runAudit([], { RETAGUARDA_STATE_DIR: '/nowhere' });
    expect([nothing.code, nothing.out]).toEqual([2, '']);
    expect(nothing.err).toContain('No running system found; npm start first, or set AUDIT_SALES_URL');
    const away = await runAudit([], {
      ...company.auditEnvironment,
      AUDIT_STOCK_URL: 'postgres://u:hidden@127.0.0.1:1/x',
    });
    expect([away.code, away.out]).toEqual([2, '']);
    expect(away.err).toMatch(/The database of stock cannot be read: .*ECONNREFUSED/);
    expect(away.err).not.toContain('hidden');
    const wrong = await runAudit(['--settle', 'soon'], company.auditEnvironment);
    expect(wrong.code).toBe(2);
    await company.sql('stock', 'alter table reservations rename to reservations_gone');
    const empty = await audit();
    expect([empty.code, empty.err]).toEqual([2, expect.stringContaining('has the department been started')]);
  }, 120_000);
});

function sorted(found: Record<string, string[]>): Record<string, string[]> {
  return Object.fromEntries(Object.entries(found).map(([name, ids]) => [name, ids.sort()]));
}

async function placesHeldBy(company: Company, orderId: string): Promise<string[]> {
  const rows = await company.sql<{ place: string }>(
    'stock',
    `select sku || '@' || location as place from reservation_lines where order_id = $1`,
    [orderId],
  );
  return rows.map(({ place }) => place);
}
