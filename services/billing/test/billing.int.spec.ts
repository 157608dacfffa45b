import { jest } from '@jest/globals';
import {
  ChargeRefused,
  ChargeRequested,
  PaymentReceived,
  PaymentRefunded,
  ReceivableOpened,
  ReceivableVoided,
} from '@retaguarda/contracts';
import { inTransaction } from '@retaguarda/database';
import { messageOf } from '@retaguarda/testing';
import { AskPendingCharges } from '../src/charges/ask-pending-charges.js';
import { SendRefunds } from '../src/refunds/send-refunds.js';
import { Bench, cancellationOf, invoiceOf, uuidOf } from './bench.js';

let bench: Bench;
beforeAll(async () => {
  bench = await Bench.open();
});
afterAll(() => bench.at.close());
beforeEach(() => bench.reset());

const sent = <E>(contract: Parameters<Bench['at']['sentOf']>[0]) => bench.at.sentOf(contract) as Promise<E[]>;
const received = () => sent<PaymentReceived>(PaymentReceived);

describe('a receivable', () => {
  it('is what the invoice says, due in a week, in instalments that add up', async () => {
    const receivable = await bench.issued(invoiceOf(1, 10_000, { method: 'card', installments: 3 }));
    expect(receivable).toMatchObject({
      ...{ orderId: uuidOf(1, 1), invoiceId: uuidOf(1, 2), amount: 10_000, paid: 0, outstanding: 10_000 },
      ...{ currency: 'BRL', status: 'open', dueOn: '2026-03-09', charge: 'requested' },
    });
    expect(receivable.instalments).toEqual([
      { number: 1, amount: 3334, dueOn: '2026-03-09' },
      { number: 2, amount: 3333, dueOn: '2026-04-09' },
      { number: 3, amount: 3333, dueOn: '2026-05-09' },
    ]);
    expect(await bench.balances()).toEqual({ receivables: 10_000, revenue: -10_000 });
    const asked = [expect.objectContaining({ amount: 10_000, installments: 3 })];
    expect([await sent(ReceivableOpened), await sent(ChargeRequested)]).toEqual([asked, asked]);
  });

  it('of a prepaid order is settled at once with the money that the storefront holds', async () => {
    const receivable = await bench.issued(invoiceOf(1, 500, { terms: 'prepaid', reference: 'MP-7' }));
    expect(receivable).toMatchObject({ status: 'paid', outstanding: 0, charge: null });
    expect(receivable.payments).toMatchObject([
      { provider: 'storefront:loja-demo', reference: '["LD-1","MP-7"]', amount: 500 },
    ]);
    expect(await received()).toMatchObject([{ orderId: uuidOf(1, 1), amount: 500, outstanding: 0 }]);
    expect(await bench.balances()).toEqual({ cash: 500, revenue: -500 });
    expect(await sent(ChargeRequested)).toEqual([]);
  });

  it('of two prepaid orders with one reference is settled for both', async () => {
    await bench.issued(invoiceOf(1, 500, { terms: 'prepaid', reference: 'MP-7' }));
    await bench.issued(invoiceOf(2, 300, { terms: 'prepaid', reference: 'MP-7' }));
    expect(await received()).toHaveLength(2);
  });

  it('of a prepaid order is not taken for another one whose number and reference read the same in a row', async () => {
    const [one, other] = [invoiceOf(1, 500, { terms: 'prepaid', reference: '2 X' }), invoiceOf(2, 300)];
    Object.assign(one.order, { externalId: 'LD-1' });
    Object.assign(other.order, { externalId: 'LD-1 2', payment: { terms: 'prepaid', method: 'pix', reference: 'X' } });
    await bench.at.deliver('open-receivable', one, other);
    expect(await received()).toHaveLength(2);
    expect(await bench.at.parked()).toEqual([]);
  });

  it('that is paid by another method is not sent to the provider and waits for its payment', async () => {
    const { receivableId, charge } = await bench.issued(invoiceOf(1, 700, { method: 'other' }));
    expect(charge).toBeNull();
    expect(await sent(ChargeRequested)).toEqual([]);
    expect(await bench.call({ provider: 'bank', reference: 'T1', receivableId, amount: 700 })).toMatchObject({
      status: 200,
    });
    expect(await bench.receivable(uuidOf(1, 1))).toMatchObject({ status: 'paid', outstanding: 0 });
    expect(await bench.at.parked()).toEqual([]);
  });

  it('of nothing is settled without a charge and without an entry, so that its order can complete', async () => {
    const receivable = await bench.issued(invoiceOf(1, 0));
    expect(receivable).toMatchObject({ status: 'paid', charge: null, instalments: [] });
    expect(await received()).toMatchObject([{ amount: 0, outstanding: 0 }]);
    expect(await bench.balances()).toEqual({});
    expect(await sent(ChargeRequested)).toEqual([]);
    await bench.at.deliver('cancel-receivable', cancellationOf(invoiceOf(1, 0)));
    expect(await bench.receivable(uuidOf(1, 1))).toMatchObject({ status: 'void', refunds: [] });
  });

  it('is opened for each order of a batch, with a constant number of statements', async () => {
    const log: string[] = [];
    const { manager } = bench.at.source;
    const invoices = Array.from({ length: 60 }, (_, n) =>
      invoiceOf(n + 1, 100, n % 2 ? { terms: 'prepaid' } : { installments: 2 }),
    );
    const runner = Object.getPrototypeOf(manager.connection.createQueryRunner());
    const original = runner.query;
    runner.query = function (sql: string, ...rest: unknown[]) {
      log.push(sql);
      return original.call(this, sql, ...rest);
    };
    try {
      await bench.at.deliver('open-receivable', ...invoices);
    } finally {
      runner.query = original;
    }
    expect(await sent(ReceivableOpened)).toHaveLength(60);
    expect(await received()).toHaveLength(30);
    expect(await sent(ChargeRequested)).toHaveLength(30);
    expect(log.filter((sql) => /into (receivables|instalments|charges|payments|ledger)/.test(sql))).toHaveLength(5);
  });

  it('for another invoice of the same order is parked and not silently dropped', async () => {
    await bench.issued(invoiceOf(1, 100));
    const other = Object.assign(invoiceOf(1, 100), { invoiceId: uuidOf(9, 2) });
    await bench.at.deliver('open-receivable', other, invoiceOf(2, 100));
    expect(await bench.at.parked()).toMatchObject([{ cause: 'unprocessable' }]);
    expect(await sent(ReceivableOpened)).toHaveLength(2);
  });

  it('holds no personal data, and the list shows none', async () => {
    await bench.issued(invoiceOf(1, 100));
    const state = JSON.stringify(await bench.at.state());
    for (const secret of ['Joana', '52998224725', 'joana@example.com', '5550-0142'])
      expect(state).not.toContain(secret);
  });
});

describe('the customer is charged', () => {
  it('once and at once by Pix', async () => {
    const { receivableId } = await bench.issued(invoiceOf(1, 700));
    await bench.charge(receivableId);
    expect(await bench.receivable(uuidOf(1, 1))).toMatchObject({ status: 'paid', outstanding: 0, charge: 'paid' });
    expect(await received()).toMatchObject([{ receivableId, amount: 700, outstanding: 0 }]);
    expect(bench.provider.calls).toEqual([`charge ${receivableId}`]);
    expect(await bench.balances()).toEqual({ cash: 700, revenue: -700 });
  });

  it('by boleto later, which billing learns by asking and not by charging again', async () => {
    const { receivableId } = await bench.issued(invoiceOf(1, 700, { method: 'boleto' }));
    await bench.charge(receivableId);
    expect(await bench.duty('ask-pending-charges')).toEqual([]);
    expect(await bench.receivable(uuidOf(1, 1))).toMatchObject({ status: 'open', charge: 'pending' });
    await bench.later(60_000);
    expect(await bench.duty('ask-pending-charges')).toMatchObject([{ receivableId, amount: 700, outstanding: 0 }]);
    expect(await bench.duty('ask-pending-charges')).toEqual([]);
    expect(bench.provider.calls).toEqual([`charge ${receivableId}`, `find ${receivableId}`, `find ${receivableId}`]);
  });

  it('is asked about half a minute after a process that died while it asked, however long that went on', async () => {
    const { receivableId } = await bench.issued(invoiceOf(1, 700, { method: 'boleto' }));
    await bench.charge(receivableId);
    const { find } = bench.provider;
    bench.provider.find = () => Promise.reject(new Error('The provider did not answer.'));
    await bench.later(9 * 60_000);
    expect(await bench.duty('ask-pending-charges')).toEqual([]);
    bench.provider.find = find;
    await bench.later(10_000);
    expect(await bench.duty('ask-pending-charges')).toEqual([]);
    await bench.later(20_000);
    expect(await bench.duty('ask-pending-charges')).toMatchObject([{ receivableId, amount: 700 }]);
  });

  it.each([
    ['a charge that got no answer', 'times out after success', {}],
    ['a boleto', 'answers', { method: 'boleto' }],
  ] as const)('is asked about in time by a process whose clock was an hour ahead: %s', async (_, conduct, payment) => {
    bench.provider.conductFor = () => conduct;
    bench.at.clock.advance(Date.now() - bench.at.clock.now().getTime() + 3_600_000);
    const { receivableId } = await bench.issued(invoiceOf(1, 700, payment));
    await bench.charge(receivableId);
    bench.at.clock.advance(-3_600_000);
    await bench.later(60_000);
    expect(await bench.duty('ask-pending-charges')).toMatchObject([{ receivableId, amount: 700 }]);
  });

  it('once when the provider takes the money and its answer is lost', async () => {
    bench.provider.conductFor = () => 'times out after success';
    const { receivableId } = await bench.issued(invoiceOf(1, 700));
    await bench.charge(receivableId);
    expect(await bench.receivable(uuidOf(1, 1))).toMatchObject({ status: 'open', charge: 'unknown' });
    expect(await bench.at.deferred()).toMatchObject([{ step: 'billing.charge-customer', attempts: 1 }]);
    await bench.at.retryDeferred();
    expect(await bench.receivable(uuidOf(1, 1))).toMatchObject({ status: 'paid', charge: 'paid' });
    expect(bench.provider.calls).toEqual([`charge ${receivableId}`, `find ${receivableId}`]);
    expect(await bench.at.source.query('select 1 from simulated_charges')).toHaveLength(1);
    expect(await received()).toHaveLength(1);
  });

  it('after it is written down that it may have been sent, for a process that dies meanwhile', async () => {
    const { receivableId } = await bench.issued(invoiceOf(1, 700));
    const states: unknown[] = [];
    jest.spyOn(bench.provider, 'charge').mockImplementationOnce(async () => {
      states.push((await bench.receivable(uuidOf(1, 1))).charge);
      throw new Error('The process is gone.');
    });
    await bench.charge(receivableId);
    expect(states).toEqual(['unknown']);
    await bench.at.retryDeferred();
    expect(bench.provider.calls).toEqual([`find ${receivableId}`, `charge ${receivableId}`]);
    expect(await received()).toHaveLength(1);
  });

  it('once when the answer is lost and the clock asks before the retry', async () => {
    bench.provider.conductFor = () => 'times out after success';
    const { receivableId } = await bench.issued(invoiceOf(1, 700));
    await bench.charge(receivableId);
    expect(await bench.duty('ask-pending-charges')).toMatchObject([{ receivableId, amount: 700 }]);
    await bench.at.retryDeferred();
    expect(await received()).toHaveLength(1);
    expect(bench.provider.calls).toEqual([`charge ${receivableId}`, `find ${receivableId}`]);
  });

  it('again when the provider never got the first request', async () => {
    bench.provider.conductFor = () => 'times out before it';
    const { receivableId } = await bench.issued(invoiceOf(1, 700));
    await bench.charge(receivableId);
    expect(await bench.duty('ask-pending-charges')).toEqual([]);
    bench.provider.conductFor = () => 'answers';
    await bench.at.retryDeferred();
    expect(await bench.receivable(uuidOf(1, 1))).toMatchObject({ status: 'paid', charge: 'paid' });
  });

  it('once when billing died between the answer and its record', async () => {
    const { receivableId } = await bench.issued(invoiceOf(1, 700));
    const request = {
      idempotencyKey: receivableId,
      amount: 700,
      currency: 'BRL',
      method: 'pix',
      installments: 1,
    } as const;
    await bench.provider.charge(request);
    await bench.charge(receivableId);
    expect(await bench.at.source.query('select 1 from simulated_charges')).toHaveLength(1);
    expect(await received()).toHaveLength(1);
  });

  it('in vain when the provider refuses, which is seen on the receivable', async () => {
    bench.provider.conductFor = () => 'refuses';
    const { receivableId } = await bench.issued(invoiceOf(1, 700));
    await bench.charge(receivableId);
    expect(await bench.receivable(uuidOf(1, 1))).toMatchObject({ status: 'open', charge: 'refused', outstanding: 700 });
    expect(await received()).toEqual([]);
    expect(await sent(ChargeRefused)).toEqual([
      expect.objectContaining({
        ...{ orderId: uuidOf(1, 1), receivableId, amount: 700, currency: 'BRL', method: 'pix' },
        reason: 'The simulated provider was told to refuse.',
      }),
    ]);
  });

  it('in vain once, however often the refusal is learned', async () => {
    bench.provider.conductFor = () => 'refuses';
    const { receivableId } = await bench.issued(invoiceOf(1, 700));
    const [requested] = (await sent<ChargeRequested>(ChargeRequested)).map((event) => ChargeRequested.of(event));
    const copies = Array.from({ length: 4 }, (_, n) => messageOf(requested!, { id: `copy ${n}` }));
    await Promise.all(copies.map((copy) => bench.at.deliver('charge-customer', copy)));
    await bench.charge(receivableId);
    expect(await sent(ChargeRefused)).toHaveLength(1);
  });

  it('in vain, which billing may learn by asking', async () => {
    const { receivableId } = await bench.issued(invoiceOf(1, 700, { method: 'boleto' }));
    await bench.charge(receivableId);
    await bench.at.source.query('update simulated_charges set is_refused = true');
    await bench.later(60_000);
    expect(await bench.duty('ask-pending-charges')).toMatchObject([{ receivableId, amount: 700, method: 'boleto' }]);
    await bench.later(3_600_000);
    expect(await bench.duty('ask-pending-charges')).toEqual([]);
    expect(await sent(ChargeRefused)).toHaveLength(1);
  });

  it('in vain, which is told in the same order whenever that is done again', async () => {
    for (const n of [3, 1, 2]) {
      const { receivableId } = await bench.issued(invoiceOf(n, 700, { method: 'boleto' }));
      await bench.charge(receivableId);
    }
    await bench.at.source.query('update simulated_charges set is_refused = true');
    await bench.later(60_000);
    const duty = bench.at.app.get(AskPendingCharges);
    const answers = await duty.ask(bench.at.clock.now());
    const told: object[][] = [];
    for (let time = 1; time <= 2; time += 1) {
      const undone = inTransaction(bench.at.source, bench.at.clock, async (tx) => {
        told.push(await duty.run(tx, answers));
        throw new Error('undone');
      });
      await expect(undone).rejects.toThrow('undone');
      // Where their rows lie, and when each is due, comes out differently in a recovery.
      await bench.at.source.query(
        `update charges set next_ask_at = next_ask_at + interval '1 hour'
          where receivable_id = (select receivable_id from charges order by ctid limit 1);
         update receivables set currency = currency
          where id = (select id from receivables order by ctid limit 1)`,
      );
    }
    expect(told[0]).toHaveLength(3);
    expect(told[1]).toEqual(told[0]);
  });

  it('in vain at first, and a later success of the same charge is still money', async () => {
    bench.provider.conductFor = () => 'refuses';
    await bench.issued(invoiceOf(2, 900));
    const { receivableId } = await bench.issued(invoiceOf(1, 700));
    await bench.charge(receivableId);
    const refused = await bench.at.http('GET', '/receivables?charge=refused');
    expect(refused.body.items).toMatchObject([{ receivableId, status: 'open', charge: 'refused' }]);
    await bench.call({ reference: `simulated-${receivableId}`, receivableId, amount: 700 });
    expect(await bench.receivable(uuidOf(1, 1))).toMatchObject({ status: 'paid', charge: 'paid' });
    expect((await bench.at.http('GET', '/receivables?charge=refused')).body.items).toEqual([]);
  });

  it('after an outage of hours, since a charge that got no answer is tried for days', async () => {
    bench.provider.conductFor = () => 'times out before it';
    const { receivableId } = await bench.issued(invoiceOf(1, 700));
    await bench.charge(receivableId);
    for (let attempt = 0; attempt < 20; attempt += 1) await bench.at.retryDeferred();
    expect(await bench.at.parked()).toEqual([]);
    bench.provider.conductFor = () => 'answers';
    await bench.at.retryDeferred();
    expect(await bench.receivable(uuidOf(1, 1))).toMatchObject({ status: 'paid', charge: 'paid' });
  });

  it('no more when the receivable is void and the provider never got it, which ends the asking', async () => {
    bench.provider.conductFor = () => 'times out before it';
    const { receivableId } = await bench.issued(invoiceOf(1, 700));
    await bench.later(3_600_000);
    await bench.charge(receivableId);
    await bench.at.deliver('cancel-receivable', cancellationOf(invoiceOf(1, 700)));
    await bench.at.retryDeferred();
    await bench.later(10_000);
    expect(await bench.duty('ask-pending-charges')).toEqual([]);
    expect(await bench.receivable(uuidOf(1, 1))).toMatchObject({ status: 'void', charge: 'unknown' });
    await bench.later(30_000);
    expect(await bench.duty('ask-pending-charges')).toEqual([]);
    expect(await bench.receivable(uuidOf(1, 1))).toMatchObject({ status: 'void', charge: 'requested' });
    bench.provider.calls.length = 0;
    await bench.later(3_600_000);
    expect(await bench.duty('ask-pending-charges')).toEqual([]);
    expect(bench.provider.calls).toEqual([]);
    await bench.call({ reference: `simulated-${receivableId}`, receivableId, amount: 700 });
    expect(await bench.duty('send-refunds')).toMatchObject([{ receivableId, amount: 700 }]);
  });

  it('no more when it was paid in another way and the provider never got it, which ends the asking', async () => {
    bench.provider.conductFor = () => 'times out before it';
    const { receivableId } = await bench.issued(invoiceOf(1, 700));
    await bench.charge(receivableId);
    await bench.call({ reference: 'transfer-1', receivableId, amount: 700 });
    await bench.at.retryDeferred();
    await bench.later(40_000);
    expect(await bench.duty('ask-pending-charges')).toEqual([]);
    expect(await bench.receivable(uuidOf(1, 1))).toMatchObject({ status: 'paid', charge: 'requested' });
  });

  it('and the provider is asked as long as it is owed, though it does not know of it', async () => {
    bench.provider.conductFor = () => 'times out before it';
    const { receivableId } = await bench.issued(invoiceOf(1, 700));
    await bench.charge(receivableId);
    for (let time = 0; time < 2; time += 1) {
      await bench.later(3_600_000);
      expect(await bench.duty('ask-pending-charges')).toEqual([]);
    }
    expect(bench.provider.calls).toEqual([`charge ${receivableId}`, `find ${receivableId}`, `find ${receivableId}`]);
    expect(await bench.receivable(uuidOf(1, 1))).toMatchObject({ status: 'open', charge: 'unknown' });
  });

  it('not for a receivable that is void by then', async () => {
    const { receivableId } = await bench.issued(invoiceOf(1, 700));
    await bench.at.deliver('cancel-receivable', cancellationOf(invoiceOf(1, 700)));
    await bench.charge(receivableId);
    expect(bench.provider.calls).toEqual([`find ${receivableId}`]);
  });

  it('once by each of many messages that race', async () => {
    const invoices = Array.from({ length: 10 }, (_, n) => invoiceOf(n + 1, 100 + n));
    await bench.at.deliver('open-receivable', ...invoices);
    const requested = (await sent<ChargeRequested>(ChargeRequested)).map((event) => ChargeRequested.of(event));
    const racing = Array.from({ length: 4 }, (_, n) => requested.map((event) => messageOf(event, { id: `copy ${n}` })));
    await Promise.all(racing.map((batch) => bench.at.deliver('charge-customer', ...batch)));
    expect(await received()).toHaveLength(10);
    expect(await bench.at.source.query('select 1 from simulated_charges')).toHaveLength(10);
    expect(await bench.at.parked()).toEqual([]);
  });
});

describe('a cancelled invoice', () => {
  it('that nobody paid is owed no more', async () => {
    await bench.issued(invoiceOf(1, 700));
    await bench.at.deliver('cancel-receivable', cancellationOf(invoiceOf(1, 700)));
    expect(await bench.receivable(uuidOf(1, 1))).toMatchObject({ status: 'void', outstanding: 0, refunds: [] });
    expect(await sent(ReceivableVoided)).toMatchObject([{ orderId: uuidOf(1, 1), amount: 700 }]);
    expect(await bench.balances()).toEqual({});
  });

  it('that was paid gives the money back, once, when the provider did so', async () => {
    const { receivableId } = await bench.issued(invoiceOf(1, 700));
    await bench.charge(receivableId);
    await bench.at.deliver('cancel-receivable', cancellationOf(invoiceOf(1, 700)));
    expect(await bench.balances()).toEqual({ cash: 700, refunds: -700 });
    expect(await sent(PaymentRefunded)).toEqual([]);
    await Promise.all(Array.from({ length: 5 }, () => bench.duty('send-refunds')));
    expect(await sent(PaymentRefunded)).toMatchObject([{ receivableId, amount: 700, reason: 'Comprei por engano' }]);
    expect(await sent(ReceivableVoided)).toEqual([]);
    expect(await bench.at.source.query('select 1 from simulated_refunds')).toHaveLength(1);
    expect(await bench.balances()).toEqual({});
  });

  it('that was prepaid is paid back by the storefront, which the event tells', async () => {
    const invoice = invoiceOf(1, 700, { terms: 'prepaid' });
    await bench.issued(invoice);
    await bench.at.deliver('cancel-receivable', cancellationOf(invoice));
    expect(await sent(PaymentRefunded)).toMatchObject([{ orderId: uuidOf(1, 1), amount: 700 }]);
    expect(await bench.balances()).toEqual({});
    expect(await bench.duty('send-refunds')).toEqual([]);
  });

  it('that was paid in part voids the rest and gives back the part', async () => {
    const { receivableId } = await bench.issued(invoiceOf(1, 700, { method: 'boleto' }));
    await bench.call({ reference: 'p1', receivableId, amount: 300 });
    await bench.at.deliver('cancel-receivable', cancellationOf(invoiceOf(1, 700)));
    await bench.duty('send-refunds');
    expect(await sent(ReceivableVoided)).toMatchObject([{ amount: 400 }]);
    expect(await sent(PaymentRefunded)).toMatchObject([{ amount: 300 }]);
    expect(await bench.balances()).toEqual({});
  });

  it('keeps a refund that the provider does not answer, and tries it again', async () => {
    const { receivableId } = await bench.issued(invoiceOf(1, 700));
    await bench.charge(receivableId);
    await bench.at.deliver('cancel-receivable', cancellationOf(invoiceOf(1, 700)));
    const { refund } = bench.provider;
    bench.provider.refund = () => Promise.reject(new Error('The provider did not answer.'));
    expect(await bench.duty('send-refunds')).toEqual([]);
    bench.provider.refund = refund;
    expect((await bench.receivable(uuidOf(1, 1))).refunds).toMatchObject([
      { state: 'requested', problem: 'The provider did not answer.' },
    ]);
    await bench.later(30_000);
    expect(await bench.duty('send-refunds')).toMatchObject([{ amount: 700 }]);
  });

  it('is refunded half a minute after a process that died while it asked the provider, however long that went on', async () => {
    const { receivableId } = await bench.issued(invoiceOf(1, 700));
    await bench.charge(receivableId);
    await bench.at.deliver('cancel-receivable', cancellationOf(invoiceOf(1, 700)));
    await bench.later(9 * 60_000);
    expect(await bench.at.app.get(SendRefunds).ask(bench.at.clock.now())).toHaveLength(1);
    expect(await bench.duty('send-refunds')).toEqual([]);
    await bench.later(30_000);
    expect(await bench.duty('send-refunds')).toMatchObject([{ amount: 700 }]);
  });

  it('is refunded in time by a process whose clock was an hour ahead', async () => {
    const { receivableId } = await bench.issued(invoiceOf(1, 700));
    await bench.charge(receivableId);
    bench.at.clock.advance(Date.now() - bench.at.clock.now().getTime() + 3_600_000);
    await bench.at.deliver('cancel-receivable', cancellationOf(invoiceOf(1, 700)));
    bench.at.clock.advance(-3_600_000);
    expect(await bench.duty('send-refunds')).toMatchObject([{ amount: 700 }]);
  });

  it('asks ever more rarely for a refund that fails for hours', async () => {
    const { receivableId } = await bench.issued(invoiceOf(1, 700));
    await bench.charge(receivableId);
    await bench.at.deliver('cancel-receivable', cancellationOf(invoiceOf(1, 700)));
    const asking = () => bench.at.app.get(SendRefunds).ask(bench.at.clock.now());
    await bench.later(20 * 60_000);
    expect(await asking()).toHaveLength(1);
    await bench.later(19 * 60_000);
    expect(await asking()).toHaveLength(0);
    await bench.later(2 * 60_000);
    expect(await asking()).toHaveLength(1);
  });

  it('whose money another provider has says at once that it goes back by hand, in the list of refunds', async () => {
    const { receivableId } = await bench.issued(invoiceOf(1, 700));
    await bench.call({ provider: 'old-bank', reference: 'T1', receivableId, amount: 700 });
    const prepaid = invoiceOf(2, 300, { terms: 'prepaid' });
    await bench.issued(prepaid);
    await bench.at.deliver('cancel-receivable', cancellationOf(invoiceOf(1, 700)), cancellationOf(prepaid));
    expect(await bench.duty('send-refunds')).toEqual([]);
    const waiting = (await bench.at.http('GET', '/refunds?state=requested')).body.items;
    expect(waiting).toEqual([
      {
        ...{ refundId: expect.any(String), paymentId: expect.any(String), orderId: uuidOf(1, 1), receivableId },
        ...{ provider: 'old-bank', reference: 'T1', amount: 700, currency: 'BRL', state: 'requested' },
        problem: 'This provider is not connected: pay it back there by hand.',
        ...{ requestedAt: expect.any(String), refundedAt: null },
      },
    ]);
    expect((await bench.at.http('GET', '/refunds?state=paid')).body.items).toMatchObject([
      { orderId: uuidOf(2, 1), provider: 'storefront:loja-demo', problem: null },
    ]);
    const first = (await bench.at.http('GET', '/refunds?limit=1')).body;
    expect((await bench.at.http('GET', `/refunds?limit=1&cursor=${first.next}`)).body.items).toHaveLength(1);
  });

  it('is refunded once by two instances that both asked the provider, one of them late', async () => {
    const { receivableId } = await bench.issued(invoiceOf(1, 700));
    await bench.charge(receivableId);
    await bench.at.deliver('cancel-receivable', cancellationOf(invoiceOf(1, 700)));
    const sending = bench.at.app.get(SendRefunds);
    const late = await sending.ask(bench.at.clock.now());
    expect(late).toHaveLength(1);
    await bench.later(30_000);
    expect(await bench.duty('send-refunds')).toHaveLength(1);
    expect(await inTransaction(bench.at.source, bench.at.clock, (tx) => sending.run(tx, late))).toEqual([]);
    expect(await bench.balances()).toEqual({});
  });

  it('and a payment that arrives after it: the money goes back', async () => {
    const { receivableId } = await bench.issued(invoiceOf(1, 700, { method: 'boleto' }));
    await bench.charge(receivableId);
    await bench.at.deliver('cancel-receivable', cancellationOf(invoiceOf(1, 700)));
    await bench.later(60_000);
    expect(await bench.duty('ask-pending-charges')).toEqual([]);
    expect(await bench.balances()).toEqual({ cash: 700, refunds: -700 });
    await bench.duty('send-refunds');
    expect(await sent(PaymentRefunded)).toMatchObject([{ receivableId, amount: 700 }]);
    expect(await bench.balances()).toEqual({});
  });

  it('and its charge and callbacks at the same time lose no money, whoever is first', async () => {
    const invoices = Array.from({ length: 12 }, (_, n) => invoiceOf(n + 1, 1_000));
    await bench.at.deliver('open-receivable', ...invoices);
    const requested = (await sent<ChargeRequested>(ChargeRequested)).map((event) => ChargeRequested.of(event));
    await Promise.all([
      ...requested.map((event) => bench.at.deliver('charge-customer', event)),
      ...invoices.map((invoice) => bench.at.deliver('cancel-receivable', cancellationOf(invoice))),
      ...requested.map(({ receivableId }) => {
        return bench.call({ reference: `simulated-${receivableId}`, receivableId, amount: 1_000 });
      }),
    ]);
    await bench.at.retryDeferred();
    await bench.duty('send-refunds');
    expect(await bench.balances()).toEqual({});
    expect(await sent(PaymentRefunded)).toHaveLength(12);
    expect(await bench.at.parked()).toEqual([]);
  });
});

describe('the ledger', () => {
  it('cannot be changed or shortened', async () => {
    await bench.issued(invoiceOf(1, 700));
    await expect(bench.at.source.query('update ledger_entries set amount = 1')).rejects.toThrow('append-only');
    await expect(bench.at.source.query('delete from ledger_entries')).rejects.toThrow('append-only');
  });

  it.each([
    ['books nothing twice', `('invoice', 'receivables', 'revenue', 700)`, 'ledger_entries_once'],
    ['books no entry of 0', `('void', 'revenue', 'receivables', 0)`, 'ledger_entries_amount'],
    ['books nothing against itself', `('void', 'revenue', 'revenue', 1)`, 'ledger_entries_accounts'],
    ['has no other accounts', `('void', 'pocket', 'revenue', 1)`, 'ledger_entries_debit'],
  ])('%s', async (_, entry, constraint) => {
    const { receivableId } = await bench.issued(invoiceOf(1, 700));
    const insert = `insert into ledger_entries (kind, debit_account, credit_account, amount, currency, reference, booked_at)
      select e.*, 'BRL', $1, now() from (values ${entry}) e`;
    await expect(bench.at.source.query(insert, [receivableId])).rejects.toThrow(constraint);
  });
});
