import { messageOf } from '@retaguarda/testing';
import { ChargeRequests1764000005003 } from '../src/migrations/1764000005003-charge-requests.js';
import { Bench, cancellationOf, invoiceOf } from './bench.js';

interface Row {
  readonly envelopes: { readonly type: string; readonly data: { readonly receivableId: string } }[];
}

describe('the update that gave charges an event of their own', () => {
  let bench: Bench;
  beforeAll(async () => void (bench = await Bench.open()));
  afterAll(() => bench.at.close());

  it('requests anew what is still to be charged, and nothing else', async () => {
    const { source } = bench.at;
    bench.provider.conductFor = () => 'times out before it';
    const unknown = await bench.issued(invoiceOf(1, 700));
    await bench.charge(unknown.receivableId);
    bench.provider.conductFor = () => 'answers';
    const paid = await bench.issued(invoiceOf(2, 700));
    await bench.charge(paid.receivableId);
    const requested = await bench.issued(invoiceOf(3, 700, { installments: 3, method: 'card' }));
    await bench.issued(invoiceOf(4, 700));
    await bench.at.deliver('cancel-receivable', cancellationOf(invoiceOf(4, 700)));
    await bench.issued(invoiceOf(5, 700, { terms: 'prepaid' }));
    await source.query('delete from outbox');
    await source.query(`update deferred set routing_key = 'billing.receivable-opened.v1'`);

    await new ChargeRequests1764000005003().up(source.createQueryRunner());
    expect(await bench.at.deferred()).toEqual([]);
    const [row, ...others]: Row[] = await source.query('select envelopes::json as envelopes from outbox');
    expect(others).toEqual([]);
    const ids = row!.envelopes.map(({ data }) => data.receivableId);
    expect(ids.sort()).toEqual([unknown.receivableId, requested.receivableId].sort());

    for (const envelope of row!.envelopes) {
      const raw = messageOf(invoiceOf(1, 700));
      const body = Buffer.from(JSON.stringify(envelope));
      await bench.at.deliver('charge-customer', { ...raw, routingKey: envelope.type, body });
    }
    expect(await bench.at.parked()).toEqual([]);
    expect(await bench.receivable(invoiceOf(1, 700).orderId)).toMatchObject({ status: 'paid' });
    expect(await bench.receivable(invoiceOf(3, 700).orderId)).toMatchObject({ status: 'paid' });
    expect(await source.query('select 1 from simulated_charges')).toHaveLength(3);
  });
});
