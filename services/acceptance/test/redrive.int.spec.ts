import { OrderPlaced } from '@retaguarda/contracts';
import { eventually, messageOf } from '@retaguarda/testing';
import { Company } from './company.js';

const ORDERS = 1_000;
const orderId = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const lamps = (n: number) =>
  OrderPlaced.of({
    ...OrderPlaced.example,
    orderId: orderId(n),
    lines: [{ ...OrderPlaced.example.lines[0]!, line: 1, sku: 'LAMP', quantity: 1, unitPrice: 100, discount: 0 }],
    shippingFee: 0,
    total: 100,
  });

describe('a department that is killed in the middle of a re-drive', () => {
  let company: Company;
  beforeAll(async () => {
    company = await Company.found();
    await company.start('stock');
  }, 60_000);
  afterAll(() => company.stop());

  it('goes on where it was when it is started again, and gives each message one effect', async () => {
    const stock = company.department('stock');
    await stock.http('POST', '/receipts', { reference: 'r1', lines: [{ sku: 'LAMP', quantity: ORDERS }] });
    const messages = Array.from({ length: ORDERS }, (_, n) => messageOf(lamps(n)));
    await company.sql(
      'stock',
      `insert into parked (id, step, message_key, type, exchange, routing_key, content_type, headers, body, cause, reasons, attempts)
       select gen_random_uuid(), 'stock.reserve-stock', key, $3, 'retaguarda', $3, 'application/cloudevents+json', '{}', body,
              'attempts used up', '[]', 6 from unnest($1::text[], $2::bytea[]) as m(key, body)`,
      [messages.map(({ messageId }) => messageId), messages.map(({ body }) => body), OrderPlaced.type],
    );
    const press = { filter: {}, canary: 5, ratePerSecond: 200, by: 'ana', why: 'the shelf is there again' };
    const { id } = (await stock.http('POST', '/ops/redrives', press)) as { id: string };
    const look = () => company.department('stock').http('GET', `/ops/redrives/${id}`);
    for (const given of [50, 500]) {
      await eventually(look, ({ progress }) => progress.redriven >= given);
      await company.department('stock').kill();
      const left = await company.sql('stock', `select 1 from parked where state = 'parked'`);
      expect(left.length).toBeGreaterThan(0);
      await company.start('stock');
    }
    // What the killed process had in hand comes back when its lease has run out.
    const end = await eventually(
      look,
      ({ state, progress }) => state === 'finished' && progress.handled === ORDERS,
      100_000,
    );
    expect(end).toMatchObject({ selected: ORDERS, progress: { parkedAgain: 0, elsewhere: 0 } });
    const level = (await company.department('stock').http('GET', '/items/LAMP')) as object;
    expect(level).toMatchObject({ onHand: ORDERS, reserved: ORDERS, available: 0 });
    expect(await company.sql('stock', 'select count(*)::int as n from reservation_lines')).toEqual([{ n: ORDERS }]);
    expect(await company.sql('stock', `select count(*)::int as n from parked where state <> 'redriven'`)).toEqual([
      { n: 0 },
    ]);
  }, 240_000);
});
