import { OrderPlaced, StockReserved } from '@retaguarda/contracts';
import { messageOf, OfflineDepartment } from '@retaguarda/testing';
import { stock } from '../src/stock.module.js';

const orderId = '00000000-0000-7000-8000-000000000001';
const lamps = (quantity: number) =>
  OrderPlaced.of({
    ...OrderPlaced.example,
    orderId,
    lines: [{ ...OrderPlaced.example.lines[0]!, line: 1, sku: 'LAMP', quantity, unitPrice: 100, discount: 0 }],
    shippingFee: 0,
    total: 100 * quantity,
  });
const WHO = { by: 'ana', why: 'to be sure' };

describe('a message that is re-driven after its effect was there and the inbox has forgotten it', () => {
  let at: OfflineDepartment;
  beforeAll(async () => {
    at = await OfflineDepartment.open(stock);
  });
  afterAll(() => at.close());
  beforeEach(async () => {
    await at.reset();
    await at.http('POST', '/receipts', { reference: 'r1', lines: [{ sku: 'LAMP', quantity: 10 }] });
  });

  const level = async () => (await at.http('GET', '/items/LAMP')).body as object;
  const forgetClaims = async () => {
    await at.source.query(`update inbox set handled_at = $1::timestamptz - interval '31 days'`, [at.clock.now()]);
    await at.messaging.duties.forgetOldClaims();
    expect(await at.source.query('select * from inbox')).toEqual([]);
  };
  /** The broker gave it up after the commit and before the ack, so its effect is there and it is parked as well. */
  const deadLetter = async (order: OrderPlaced) => {
    const message = messageOf(order);
    await at.deliver('reserve-stock', message);
    const [row] = await at.source.query(
      `insert into parked (id, step, message_key, type, exchange, routing_key, content_type, headers, body, cause, reasons, attempts)
       values (gen_random_uuid(), 'stock.reserve-stock', '#hash', $1, $2, $1, $3, '{}', $4, 'dead-lettered', '[]', 1)
       returning id`,
      [message.routingKey, message.exchange, message.contentType, message.body],
    );
    return row.id as string;
  };

  it('reserves nothing twice: the order is known for ever', async () => {
    const id = await deadLetter(lamps(2));
    await forgetClaims();
    expect(await at.http('POST', `/ops/parked/${id}/redrive`, WHO)).toMatchObject({ body: { state: 'redriven' } });
    await at.retryDeferred();
    expect(await level()).toMatchObject({ onHand: 10, reserved: 2, available: 8 });
    expect(await at.sentOf(StockReserved)).toHaveLength(1);
    expect(await at.source.query('select step from inbox')).toEqual([{ step: 'stock.reserve-stock' }]);
    expect([await at.deferred(), (await at.http('GET', '/ops/parked')).body.items]).toEqual([[], []]);
  });

  it('reserves nothing twice either when it is edited: a new message, but the same order', async () => {
    const id = await deadLetter(lamps(2));
    await forgetClaims();
    const edit = { ...WHO, data: lamps(3) };
    expect(await at.http('POST', `/ops/parked/${id}/edit-and-redrive`, edit)).toMatchObject({ status: 200 });
    await at.retryDeferred();
    expect(await level()).toMatchObject({ onHand: 10, reserved: 2 });
    expect(await at.sentOf(StockReserved)).toHaveLength(1);
  });
});
