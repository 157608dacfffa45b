import { ChargeRequested, InvoiceCancelled, InvoiceIssued, OrderSheet, type Payment } from '@retaguarda/contracts';
import { OfflineDepartment, type HttpAnswer } from '@retaguarda/testing';
import { billing } from '../src/billing.module.js';
import { sign } from '../src/payments/signature.js';
import { SimulatedProvider } from '../src/payments/simulated-provider.js';
import type { ReceivableInFull } from '../src/receivables/receivables.queries.js';
import { BillingSettings } from '../src/settings.js';

export const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

export interface Callback {
  provider?: string;
  reference?: string;
  receivableId?: string;
  idempotencyKey?: string;
  amount?: number;
  currency?: string;
  paidAt?: string;
}

export const uuidOf = (n: number, kind = 0) =>
  `019c9f4e-${kind.toString(16).padStart(4, '0')}-7000-8000-${n.toString(16).padStart(12, '0')}`;

/** An order for one piece at this price, invoiced. */
export function invoiceOf(n: number, total: number, payment: Partial<Payment> = {}): InvoiceIssued {
  const { order, ...invoice } = InvoiceIssued.example;
  const [line] = order.lines;
  const sheet = Object.assign(new OrderSheet(), order, {
    externalId: `LD-${n}`,
    lines: [{ ...line, line: 1, quantity: 1, unitPrice: total, discount: 0 }],
    shippingFee: 0,
    total,
    payment: { terms: 'on-invoice', method: 'pix', ...payment },
  });
  const ids = { orderId: uuidOf(n, 1), invoiceId: uuidOf(n, 2), number: n };
  return InvoiceIssued.of({ ...invoice, ...ids, total, order: sheet });
}

export function cancellationOf({ orderId, invoiceId, series, number, total, currency }: InvoiceIssued) {
  const reason = 'Comprei por engano';
  return InvoiceCancelled.of({ orderId, invoiceId, series, number, total, currency, reason });
}

/** Billing with its provider, and what a test does with it. */
export class Bench {
  private callbacks = 0;

  private constructor(
    readonly at: OfflineDepartment,
    readonly provider: SimulatedProvider,
  ) {}

  static async open(): Promise<Bench> {
    const at = await OfflineDepartment.open(billing);
    const provider = at.app.get(SimulatedProvider);
    Object.assign(at.app.get(BillingSettings), { webhookSecret: secret, boletoPaidAfterMs: 50_000 });
    return new Bench(at, provider);
  }

  async reset(): Promise<void> {
    await this.at.reset();
    this.provider.conductFor = () => 'answers';
    this.provider.calls.length = 0;
  }

  /** Opens the receivable of an invoice, and returns it as the HTTP door shows it. */
  async issued(invoice: InvoiceIssued): Promise<ReceivableInFull> {
    await this.at.deliver('open-receivable', invoice);
    return this.receivable(invoice.orderId);
  }

  async receivable(orderId: string): Promise<ReceivableInFull> {
    const { body } = await this.at.http('GET', `/receivables?orderId=${orderId}`);
    return (await this.at.http('GET', `/receivables/${body.items[0].receivableId}`)).body;
  }

  /** Hands the receivable to the provider, as the request would that came with it. */
  async charge(receivableId: string): Promise<void> {
    await this.at.deliver('charge-customer', ChargeRequested.of((await this.requestOf(receivableId))!));
  }

  async requestOf(receivableId: string): Promise<ChargeRequested | undefined> {
    return (await this.at.sentOf(ChargeRequested)).find((request) => request.receivableId === receivableId);
  }

  /** Time goes by for the process, the provider and what waits in the database, whose clocks are not the test's. */
  async later(ms: number): Promise<void> {
    this.at.clock.advance(ms);
    const wait = `make_interval(secs => ${ms / 1_000})`;
    await this.at.source.query(
      `update simulated_charges set asked_at = asked_at - ${wait};
       update charges set next_ask_at = next_ask_at - ${wait}, waiting_since = waiting_since - ${wait};
       update refunds set next_try_at = next_try_at - ${wait}, waiting_since = waiting_since - ${wait}`,
    );
  }

  /** Runs a duty of the clock once. */
  async duty(name: 'ask-pending-charges' | 'send-refunds'): Promise<object[]> {
    const { rows } = billing.process;
    return this.at.messaging.desk.run(rows.find((row) => row.name === name)!);
  }

  /** A provider's callback, rightly signed. */
  call(callback: Callback): Promise<HttpAnswer> {
    const paidAt = this.at.clock.now().toISOString();
    const body = JSON.stringify({ provider: 'simulated', currency: 'BRL', paidAt, ...callback });
    return this.at.http('POST', '/payments', body, this.headers(body));
  }

  headers(body: string, others: { at?: Date; with?: string } = {}): Record<string, string> {
    this.callbacks += 1;
    const id = `msg_${this.callbacks}`;
    const timestamp = String(Math.floor((others.at ?? this.at.clock.now()).getTime() / 1_000));
    const signature = `v1,${sign({ id, timestamp, body: Buffer.from(body) }, others.with ?? secret)}`;
    return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature };
  }

  /** The balance of each account in BRL: debits less credits. */
  async balances(): Promise<Record<string, number>> {
    const { body } = await this.at.http('GET', '/ledger/trial-balance');
    expect(body.isBalanced).toBe(true);
    const accounts = body.accounts as { account: string; currency: string; balance: number }[];
    return Object.fromEntries(accounts.filter((a) => a.balance !== 0).map((a) => [a.account, a.balance]));
  }
}
