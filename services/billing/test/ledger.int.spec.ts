import fc from 'fast-check';
import type { InvoiceIssued } from '@retaguarda/contracts';
import { Bench, cancellationOf, invoiceOf } from './bench.js';

const SEED = 20_261_124;
const RUNS = 100;

interface Opened {
  readonly invoice: InvoiceIssued;
  readonly receivableId: string;
}

type Step = { do: string; which: number; amount: number };
const doings = ['issue', 'charge', 'callback', 'repeat', 'stray', 'cancel', 'ask', 'refund', 'wait'] as const;
const payments = [
  { terms: 'prepaid', method: 'card' },
  { terms: 'on-invoice', method: 'pix' },
  { terms: 'on-invoice', method: 'boleto' },
  { terms: 'on-invoice', method: 'card', installments: 3 },
] as const;
const conducts = ['answers', 'answers', 'refuses', 'times out after success', 'times out before it'] as const;

let bench: Bench;
let orders = 0;
beforeAll(async () => {
  bench = await Bench.open();
});
afterAll(() => bench.at.close());

/** Money that is in one place is in no other: what must be true of the books after anything. */
async function findings(): Promise<unknown[]> {
  return bench.at.source.query(`
    with balance as (
      select account, currency, sum(amount) as amount
        from (select debit_account as account, currency, amount from ledger_entries
              union all select credit_account, currency, -amount from ledger_entries) e group by account, currency),
    books(account, currency, amount) as (
      select 'receivables', currency, sum(amount - paid) from receivables where status <> 'void' group by currency
      union all select 'cash', p.currency, sum(p.amount - coalesce(r.amount, 0))
        from payments p left join refunds r on r.payment_id = p.id and r.state = 'paid' group by p.currency
      union all select 'unmatched', currency, -sum(amount - applied) from payments where refunded = 0 group by currency
      union all select 'refunds', currency, -sum(amount) from refunds where state = 'requested' group by currency
      union all select 'revenue', currency, -sum(amount) from receivables where status <> 'void' group by currency)
    select account, coalesce(b.amount, 0) as ledger, coalesce(k.amount, 0) as tables
      from balance b full join books k using (account, currency)
     where coalesce(b.amount, 0) <> coalesce(k.amount, 0)
    union all
    select 'paid is not what was applied', r.paid, sum(p.applied) from receivables r
      left join payments p on p.receivable_id = r.id group by r.id having r.paid <> coalesce(sum(p.applied), 0)
    union all
    select 'instalments are not the amount', r.amount, sum(i.amount) from receivables r
      left join instalments i on i.receivable_id = r.id group by r.id having r.amount <> coalesce(sum(i.amount), 0)
    union all
    select 'a payment of a void receivable is kept', p.amount, p.refunded from payments p
      join receivables r on r.id = p.receivable_id where r.status = 'void' and p.refunded <> p.amount
    union all
    select 'the provider took money that billing does not know', c.amount, 0 from simulated_charges c
      join charges k on k.receivable_id::text = c.idempotency_key and k.state = 'paid'
     where not exists (select from payments p where p.reference = 'simulated-' || c.idempotency_key)
    union all
    select 'the provider paid back something else', s.amount, r.amount
      from (select * from refunds where state = 'paid' and provider = 'simulated') r
      full join simulated_refunds s on s.idempotency_key = r.id::text where s.amount is distinct from r.amount`);
}

async function perform({ do: what, which, amount }: Step, opened: Opened[]): Promise<void> {
  const { at } = bench;
  if (what === 'issue' || opened.length === 0) {
    const invoice = invoiceOf((orders += 1), amount, payments[which % payments.length]);
    opened.push({ invoice, receivableId: (await bench.issued(invoice)).receivableId });
    return;
  }
  const { invoice, receivableId } = opened[which % opened.length]!;
  if (what === 'charge' && (await bench.requestOf(receivableId))) await bench.charge(receivableId);
  if (what === 'callback')
    await bench.call({ reference: `${receivableId} ${amount}`, receivableId, amount: amount || 1 });
  if (what === 'repeat')
    await Promise.all(
      [1, 2].map(() =>
        bench.call({ reference: `simulated-${receivableId}`, receivableId, amount: invoice.total || 1 }),
      ),
    );
  if (what === 'stray')
    await bench.call({ reference: `stray ${orders} ${amount}`, idempotencyKey: 'x', amount: amount || 1 });
  if (what === 'cancel') await at.deliver('cancel-receivable', cancellationOf(invoice));
  if (what === 'ask') await bench.duty('ask-pending-charges');
  if (what === 'refund') await bench.duty('send-refunds');
  if (what === 'wait') await bench.later(4_000);
}

describe('the books', () => {
  it('agree with the receivables, payments and refunds after any sequence of events', async () => {
    const step = fc.record({
      do: fc.constantFrom(...doings),
      which: fc.nat(11),
      amount: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 2_000 })),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 14 }),
        fc.constantFrom(...conducts),
        async (steps, conduct) => {
          bench.provider.conductFor = () => conduct;
          const opened: Opened[] = [];
          for (const each of steps) await perform(each, opened);
          expect(await findings()).toEqual([]);
          expect((await bench.at.http('GET', '/ledger/trial-balance')).body.isBalanced).toBe(true);
        },
      ),
      { seed: SEED, numRuns: RUNS, endOnFailure: true },
    );
    bench.provider.conductFor = () => 'answers';
    await bench.later(7_200_000);
    await bench.at.retryDeferred();
    await bench.duty('ask-pending-charges');
    await bench.duty('send-refunds');
    expect(await findings()).toEqual([]);
    expect(await bench.at.parked()).toEqual([]);
  }, 240_000);
});
