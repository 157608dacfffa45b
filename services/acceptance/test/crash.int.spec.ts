import { OrderSubmitted } from '@retaguarda/contracts';
import { eventually, Outsider } from '@retaguarda/testing';
import { Company, departments, runAudit } from './company.js';

const ORDERS = 500;
const CHANNEL = 'crash-shop';
const ENVIRONMENT = { FULFILLMENT_MODE: 'auto', SIMULATED_BOLETO_SECONDS: '1' };

/** Every tenth order wants more than there will be. */
function orderOf(n: number): OrderSubmitted {
  const [line] = OrderSubmitted.example.lines;
  const method = n % 3 === 0 ? 'boleto' : 'pix';
  return OrderSubmitted.of({
    ...OrderSubmitted.example,
    channel: CHANNEL,
    externalId: `order-${n}`,
    lines: [{ ...line!, sku: `SKU-${n % 7}`, quantity: n % 10 === 0 ? 900_000 : 1, discount: 0 }],
    payment: { terms: n % 2 === 0 ? 'prepaid' : 'on-invoice', method, reference: `order-${n}` },
  });
}

describe('a department that is killed in the middle of its work', () => {
  let company: Company;
  let shop: Outsider;

  beforeAll(async () => {
    company = await Company.found();
    await Promise.all(departments.map((name) => company.start(name, ENVIRONMENT)));
    shop = await Outsider.connect(company.rabbitUrl);
    const lines = Array.from({ length: 7 }, (_, n) => ({ sku: `SKU-${n}`, quantity: 10_000 }));
    await company.department('stock').http('POST', '/receipts', { reference: 'delivery', lines });
  }, 120_000);
  afterAll(async () => {
    await shop.close();
    await company.stop();
  }, 60_000);

  const ends = async () => {
    const [row] = await company.sql<{ placed: number; completed: number; rejected: number }>(
      'sales',
      `select count(*)::int as placed, count(completed_at)::int as completed, count(rejected_at)::int as rejected from orders
        where channel = $1`,
      [CHANNEL],
    );
    return row!;
  };

  it(`gives the same totals and clean books when each is killed once in the course of ${ORDERS} orders`, async () => {
    const publishing = (async () => {
      for (let n = 0; n < ORDERS; n += 1) await shop.publish(OrderSubmitted.type, orderOf(n));
    })();
    for (const [turn, name] of departments.entries()) {
      await eventually(ends, ({ placed }) => placed > (turn * ORDERS) / 10);
      await company.department(name).kill();
      await company.start(name, ENVIRONMENT);
    }
    await publishing;
    const end = await eventually(ends, ({ completed, rejected }) => completed + rejected === ORDERS, 120_000);
    expect(end).toEqual({ placed: ORDERS, completed: (ORDERS * 9) / 10, rejected: ORDERS / 10 });
    const levels = 'select (70000 - sum(on_hand))::int as sold, sum(reserved)::int as reserved from levels';
    // Stock rests before it takes the last ones from the shelf.
    const pieces = await eventually(
      () => company.sql<{ sold: number; reserved: number }>('stock', levels),
      ([level]) => level!.reserved === 0,
    );
    expect(pieces).toEqual([{ sold: (ORDERS * 9) / 10, reserved: 0 }]);
    const invoices = await company.sql(
      'invoicing',
      'select count(*)::int as issued, max(number)::int as last from invoices',
    );
    expect(invoices).toEqual([{ issued: (ORDERS * 9) / 10, last: (ORDERS * 9) / 10 }]);
    for (const name of departments) {
      expect(await company.sql(name, `select * from parked where state = 'parked'`)).toEqual([]);
    }
    const { code, out } = await runAudit(['--json', '--settle', '0'], company.auditEnvironment);
    expect({ code, out }).toMatchObject({ code: 0 });
  }, 300_000);
});
