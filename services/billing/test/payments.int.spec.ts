import { PaymentReceived } from '@retaguarda/contracts';
import { BillingSettings } from '../src/settings.js';
import { Bench, cancellationOf, invoiceOf, secret, uuidOf } from './bench.js';

let bench: Bench;
let receivableId: string;
beforeAll(async () => {
  bench = await Bench.open();
});
afterAll(() => bench.at.close());
beforeEach(async () => {
  await bench.reset();
  ({ receivableId } = await bench.issued(invoiceOf(1, 1_000, { method: 'boleto' })));
});

const received = () => bench.at.sentOf(PaymentReceived);
const unmatched = async () => (await bench.at.http('GET', '/payments/unmatched')).body.items;

describe("a provider's callback", () => {
  it('settles the receivable', async () => {
    const answer = await bench.call({ reference: 'E1', receivableId, amount: 1_000 });
    expect(answer).toMatchObject({ status: 200, body: { receivableId, applied: 1_000, unmatched: 0, problem: null } });
    expect(await received()).toMatchObject([{ receivableId, amount: 1_000, outstanding: 0 }]);
    expect(await bench.receivable(uuidOf(1, 1))).toMatchObject({ status: 'paid', outstanding: 0 });
  });

  it('may name the key of the charge instead, and then the charge is paid', async () => {
    await bench.charge(receivableId);
    const reference = `simulated-${receivableId}`;
    expect(await bench.call({ reference, idempotencyKey: receivableId, amount: 1_000 })).toMatchObject({ status: 200 });
    expect(await bench.receivable(uuidOf(1, 1))).toMatchObject({ status: 'paid', charge: 'paid' });
    await bench.later(60_000);
    expect(await bench.duty('ask-pending-charges')).toEqual([]);
  });

  it('and the answer of a charge that bring the same payment count once', async () => {
    await bench.charge(receivableId);
    await bench.later(60_000);
    const reference = `simulated-${receivableId}`;
    await Promise.all([
      bench.duty('ask-pending-charges'),
      bench.call({ reference, receivableId, amount: 1_000 }),
      bench.duty('ask-pending-charges'),
    ]);
    expect(await received()).toHaveLength(1);
    expect(await unmatched()).toEqual([]);
  });

  it('of a part leaves the rest outstanding', async () => {
    await bench.call({ reference: 'E1', receivableId, amount: 400 });
    await bench.call({ reference: 'E2', receivableId, amount: 600 });
    expect((await received()).map(({ amount, outstanding }) => [amount, outstanding])).toEqual([
      [400, 600],
      [600, 0],
    ]);
  });

  it('of a part of a charge leaves the charge pending, since the provider still waits for the rest', async () => {
    await bench.charge(receivableId);
    const reference = `simulated-${receivableId}`;
    await bench.call({ reference, receivableId, amount: 400 });
    expect(await bench.receivable(uuidOf(1, 1))).toMatchObject({ outstanding: 600, charge: 'pending' });
  });

  it('that comes twenty times at once is one payment, and gets the same answer each time', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => bench.call({ reference: 'E1', receivableId, amount: 1_000 })),
    );
    expect(new Set(answers.map(({ status, body }) => JSON.stringify([status, body]))).size).toBe(1);
    expect(answers[0]!.status).toBe(200);
    expect(await received()).toHaveLength(1);
    expect(await bench.balances()).toEqual({ cash: 1_000, revenue: -1_000 });
  });

  it('that races with nineteen others for one receivable is applied only as far as money is owed', async () => {
    await Promise.all(
      Array.from({ length: 20 }, (_, n) => bench.call({ reference: `E${n}`, receivableId, amount: 90 })),
    );
    expect((await received()).reduce((sum, { amount }) => sum + amount, 0)).toBe(1_000);
    expect(await bench.balances()).toEqual({ cash: 1_800, revenue: -1_000, unmatched: -800 });
  });

  it('of too much is applied as far as money is owed, and the rest is a finding', async () => {
    const answer = await bench.call({ reference: 'E1', receivableId, amount: 1_300 });
    expect(answer).toMatchObject({
      status: 202,
      body: { applied: 1_000, unmatched: 300, problem: 'more than is owed' },
    });
    expect(await unmatched()).toMatchObject([{ reference: 'E1', unmatched: 300, statedFor: receivableId }]);
    expect(await bench.balances()).toEqual({ cash: 1_300, revenue: -1_000, unmatched: -300 });
    await bench.at.deliver('cancel-receivable', cancellationOf(invoiceOf(1, 1_000)));
    await bench.duty('send-refunds');
    expect(await bench.balances()).toEqual({});
    expect(await unmatched()).toEqual([]);
  });

  it.each([
    ['nobody knows', { receivableId: uuidOf(99) }, 'unknown receivable'],
    ['is no id of ours', { receivableId: undefined, idempotencyKey: 'their-number-7' }, 'unknown receivable'],
    ['is in another currency', { currency: 'EUR' }, 'other currency'],
  ])('for something that %s is kept and not lost', async (_, change, problem) => {
    const answer = await bench.call({ reference: 'E1', receivableId, amount: 50, ...change });
    expect(answer).toMatchObject({ status: 202, body: { applied: 0, unmatched: 50, problem } });
    expect(await unmatched()).toMatchObject([{ reference: 'E1', problem }]);
    expect(await received()).toEqual([]);
    expect(await bench.receivable(uuidOf(1, 1))).toMatchObject({ outstanding: 1_000 });
  });

  it('with a known reference and other facts is refused', async () => {
    await bench.call({ reference: 'E1', receivableId, amount: 400 });
    expect(await bench.call({ reference: 'E1', receivableId, amount: 401 })).toMatchObject({ status: 409 });
    expect(await received()).toHaveLength(1);
  });

  it('with the reference of another provider is another payment', async () => {
    await bench.call({ provider: 'one', reference: 'E1', receivableId, amount: 400 });
    await bench.call({ provider: 'other', reference: 'E1', receivableId, amount: 400 });
    expect(await received()).toHaveLength(2);
  });
});

describe('a callback is refused', () => {
  const body = () =>
    JSON.stringify({
      ...{ provider: 'simulated', reference: 'E1', receivableId, amount: 1_000, currency: 'BRL' },
      paidAt: '2026-03-02T12:00:00Z',
    });
  afterEach(async () => {
    expect(await bench.at.source.query('select 1 from payments')).toEqual([]);
  });

  it.each([
    ['without any signature', () => ({})],
    ['under another secret', () => bench.headers(body(), { with: 'guessed' })],
    ['whose body was changed', () => bench.headers(body().replace('1000', '1'))],
    [
      'that is six minutes old',
      () => bench.headers(body(), { at: new Date(bench.at.clock.now().getTime() - 360_000) }),
    ],
    ['from the future', () => bench.headers(body(), { at: new Date(bench.at.clock.now().getTime() + 360_000) })],
  ])('%s', async (_, headers) => {
    const answer = await bench.at.http('POST', '/payments', body(), headers());
    expect(answer.status).toBe(401);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
  });

  it('while no secret is set, naming the setting', async () => {
    const settings = bench.at.app.get(BillingSettings);
    settings.webhookSecret = undefined;
    const answer = await bench.at.http('POST', '/payments', body(), bench.headers(body()));
    settings.webhookSecret = secret;
    expect(answer).toMatchObject({ status: 503 });
    expect(answer.body.detail).toContain('BILLING_WEBHOOK_SECRET');
  });

  it.each([
    ['provider', { provider: 'storefront:loja-demo' }],
    ['provider', { provider: undefined }],
    ['reference', { reference: '' }],
    ['reference', { reference: 'x'.repeat(201) }],
    ['receivableId', { receivableId: 'mine' }],
    ['receivableId', { receivableId: undefined }],
    ['receivableId', { receivableId: 7, idempotencyKey: 'k' }],
    ['idempotencyKey', { receivableId: undefined, idempotencyKey: 'x\u0000' }],
    ['amount', { amount: 0 }],
    ['amount', { amount: -5 }],
    ['amount', { amount: 1.5 }],
    ['amount', { amount: '1000' }],
    ['amount', { amount: 1e18 }],
    ['currency', { currency: 'brl' }],
    ['currency', { currency: 'XXXX' }],
    ['paidAt', { paidAt: 'yesterday' }],
    ['paidAt', { paidAt: '2026-02-30T12:00:00Z' }],
  ])('with a bad %s: %j', async (field, change) => {
    const answer = await bench.call({ reference: 'E1', receivableId, amount: 1_000, ...(change as object) });
    expect(answer.status).toBe(422);
    expect(answer.body.errors).toEqual([expect.objectContaining({ field })]);
  });

  it.each(['[]', '7', 'null', '"text"', '{', '', '{"__proto__": {"amount": 1}}'])('with the body %j', async (text) => {
    const answer = await bench.at.http('POST', '/payments', text, bench.headers(text));
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
  });
});

describe('the lists', () => {
  it('go through all pages', async () => {
    await bench.at.deliver('open-receivable', invoiceOf(2, 10), invoiceOf(3, 10, { terms: 'prepaid' }));
    const first = await bench.at.http('GET', '/receivables?limit=2');
    expect(first.body.items).toHaveLength(2);
    const rest = await bench.at.http('GET', `/receivables?limit=2&cursor=${first.body.next}`);
    expect(rest.body.items).toHaveLength(1);
    expect(rest.body.next).toBeUndefined();
    const paid = await bench.at.http('GET', '/receivables?status=paid');
    expect(paid.body.items).toMatchObject([{ orderId: uuidOf(3, 1), outstanding: 0 }]);
  });

  it.each([
    ['/receivables?limit=0', 400],
    ['/receivables?limit=x', 400],
    ['/receivables?orderId=mine', 400],
    ['/receivables?status=lost', 400],
    ['/receivables?charge=lost', 400],
    ['/receivables?cursor=zzz', 400],
    ['/refunds?state=lost', 400],
    ['/refunds?cursor=zzz', 400],
    ['/payments/unmatched?cursor=zzz', 400],
    ['/receivables/mine', 400],
    [`/receivables/${uuidOf(77)}`, 404],
  ])('%s is answered with %i', async (path, status) => {
    const answer = await bench.at.http('GET', path);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
  });
});
