import { OrderCancellationRequested, OrderSubmitted } from '@retaguarda/contracts';
import { eventually, Outsider } from '@retaguarda/testing';
import { KeptDatabase } from '../src/company/kept-database.js';
import { recover } from '../src/company/recovery.js';
import { Company, departments, type DepartmentName } from './company.js';

const ENVIRONMENT = { FULFILLMENT_MODE: 'auto', SIMULATED_BOLETO_SECONDS: '1' };
const CHANNEL = 'recovered-shop';
const ORDERS = 24;
const TERMS = [
  ['prepaid', 'pix'],
  ['on-invoice', 'pix'],
  ['on-invoice', 'boleto'],
  ['on-invoice', 'card'],
] as const;

function orderOf(n: number): OrderSubmitted {
  const [terms, method] = TERMS[n % TERMS.length]!;
  const externalId = `R-${n}`;
  const line = { ...OrderSubmitted.example.lines[0]!, sku: 'LAMP', quantity: n % 9 === 8 ? 90_000 : 1, discount: 0 };
  return OrderSubmitted.of({
    ...{ ...OrderSubmitted.example, channel: CHANNEL, externalId, lines: [line] },
    payment: { terms, method, reference: externalId },
  });
}

/** The built programs of all departments on real servers, as `npm run build` left them. */
describe("a department's database is set back in the middle of work", () => {
  let company: Company;
  let shop: Outsider;
  const kept = new Map<DepartmentName, KeptDatabase>();

  const submit = (n: number) => shop.publish(OrderSubmitted.type, orderOf(n));
  const cancel = (n: number) =>
    shop.publish(
      OrderCancellationRequested.type,
      OrderCancellationRequested.of({ channel: CHANNEL, externalId: `R-${n}`, reason: 'a mistake' }),
    );
  const unfinished = async () => {
    const [orders] = await company.sql<{ n: number }>(
      'sales',
      'select count(*)::int as n from orders where completed_at is null and rejected_at is null and cancelled_at is null',
    );
    const open = await Promise.all(
      departments.map((name) =>
        company.sql<{ n: number }>(
          name,
          'select ((select count(*) from outbox) + (select count(*) from deferred))::int as n',
        ),
      ),
    );
    const [refunds] = await company.sql<{ n: number }>(
      'billing',
      `select count(*)::int as n from refunds where state = 'requested'`,
    );
    return orders!.n + refunds!.n + open.reduce((sum, [row]) => sum + row!.n, 0);
  };

  beforeAll(async () => {
    company = await Company.found();
    await Promise.all(departments.map((name) => company.start(name, ENVIRONMENT)));
    shop = await Outsider.connect(company.rabbitUrl);
    const goods = { reference: 'delivery', lines: [{ sku: 'LAMP', quantity: 1_000 }] };
    await company.department('stock').http('POST', '/receipts', goods);
    for (let n = 0; n < ORDERS / 2; n += 1) await submit(n);
    for (const name of departments) kept.set(name, await KeptDatabase.keep(company.databases[name]));
    for (let n = ORDERS / 2; n < ORDERS; n += 1) await submit(n);
    for (const n of [0, 13, 14, 21]) await cancel(n);
    const more = { reference: 'second delivery', lines: [{ sku: 'LAMP', quantity: 10 }] };
    await company.department('stock').http('POST', '/receipts', more);
    const headers = { 'idempotency-key': 'once' };
    const keyed = () => company.department('sales').ask('POST', '/orders', { body: orderOf(ORDERS), headers });
    const [first, again] = [await keyed(), await keyed()];
    expect(again).toEqual(first);
    const { n } = await eventually(
      async () => {
        const [row] = await company.sql<{ n: number }>('sales', 'select count(*)::int as n from orders');
        return row!;
      },
      ({ n }) => n === ORDERS + 1,
    );
    expect(n).toBe(ORDERS + 1);
    await eventually(unfinished, (left) => left === 0, 60_000);
  }, 180_000);

  afterAll(async () => {
    await shop?.close();
    await company?.stop();
  }, 60_000);

  it.each(departments)(
    '%s: the audit lists what diverges, the replay heals it row by row, a second one finds nothing',
    async (name) => {
      const recovered = await recover(company, name, {
        ...{ kept: kept.get(name)!, start: () => company.start(name, ENVIRONMENT) },
      });
      expect(recovered.problems).toEqual([]);
      expect(Object.keys(recovered.divergences).length).toBeGreaterThan(0);
      expect(Object.keys(recovered.replayed.transactions).length).toBeGreaterThan(0);
    },
    120_000,
  );
});
