import { Injectable } from '@nestjs/common';
import type { PaymentMethod } from '@retaguarda/contracts';
import { DataSource } from 'typeorm';
import { BillingSettings } from '../settings.js';
import type { ChargeAnswer, ChargeRequest, RefundRequest } from './payment.gateway.js';
import { PaymentGateway } from './payment.gateway.js';

/** How the provider treats a new charge; `answers` unless a test wants otherwise. */
export type Conduct = 'answers' | 'refuses' | 'times out after success' | 'times out before it';

interface Remembered {
  readonly idempotency_key: string;
  readonly amount: string;
  readonly currency: string;
  readonly method: PaymentMethod;
  readonly is_refused: boolean;
  readonly asked_at: Date;
  /** Milliseconds since then. */
  readonly age: number;
  readonly is_new: boolean;
}

const AGE = '(extract(epoch from now() - asked_at) * 1000)::float8 as age';

/**
 * Plays a payment provider: Pix and card pay at once, a boleto some seconds later. It remembers its charges in tables of
 * its own, committed by themselves, so that it knows them after billing crashed between asking and recording. Its clock is
 * the database's, for it is not billing's process whose clock may be off.
 */
@Injectable()
export class SimulatedProvider extends PaymentGateway {
  readonly name = 'simulated';
  conductFor: (idempotencyKey: string) => Conduct = () => 'answers';
  /** Every call in this process, for tests. */
  readonly calls: string[] = [];
  private readonly waiting = new Map<string, ChargeRequest>();
  private next: Promise<ReadonlyMap<string, Remembered>> | undefined;
  private writing: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly source: DataSource,
    private readonly settings: BillingSettings,
  ) {
    super();
  }

  async charge(request: ChargeRequest): Promise<ChargeAnswer> {
    const { idempotencyKey, amount, currency } = request;
    this.note('charge', idempotencyKey);
    const conduct = this.conductFor(idempotencyKey);
    if (conduct === 'times out before it') throw new Error('The provider did not answer.');
    const charge = await this.remember(request);
    if (Number(charge.amount) !== amount || charge.currency !== currency)
      throw new Error('The idempotency key was used for another amount.');
    if (charge.is_new && conduct === 'times out after success') throw new Error('The provider did not answer.');
    return this.answer(charge);
  }

  async find(idempotencyKey: string): Promise<ChargeAnswer | undefined> {
    this.note('find', idempotencyKey);
    const [charge] = (await this.source.query(`select *, ${AGE} from simulated_charges where idempotency_key = $1`, [
      idempotencyKey,
    ])) as Remembered[];
    return charge && this.answer(charge);
  }

  async refund({ idempotencyKey, charge, amount, currency }: RefundRequest): Promise<{ reference: string }> {
    this.note('refund', idempotencyKey);
    await this.source.query(
      `insert into simulated_refunds (idempotency_key, charge_reference, amount, currency, refunded_at)
       values ($1, $2, $3, $4, now()) on conflict do nothing`,
      [idempotencyKey, charge, amount, currency],
    );
    return { reference: `simulated-refund-${idempotencyKey}` };
  }

  private answer(charge: Remembered): ChargeAnswer {
    const { idempotency_key: key, method, is_refused: isRefused, asked_at: askedAt, age } = charge;
    const reference = `simulated-${key}`;
    if (isRefused) return { state: 'refused', reference, reason: 'The simulated provider was told to refuse.' };
    const takesMs = method === 'boleto' ? this.settings.boletoPaidAfterMs : 0;
    if (Math.max(0, age) < takesMs) return { state: 'pending', reference };
    return { state: 'paid', reference, paidAt: new Date(askedAt.getTime() + takesMs).toISOString() };
  }

  /** Charges that come while others are being written share the next statement, or each would cost a commit. */
  private async remember(request: ChargeRequest): Promise<Remembered> {
    this.waiting.set(request.idempotencyKey, request);
    this.next ??= this.rememberWaiting();
    return (await this.next).get(request.idempotencyKey)!;
  }

  private async rememberWaiting(): Promise<ReadonlyMap<string, Remembered>> {
    await this.writing;
    const requests = [...this.waiting.values()];
    this.waiting.clear();
    this.next = undefined;
    const written = this.write(requests);
    this.writing = written.catch(() => undefined);
    return written;
  }

  private async write(requests: readonly ChargeRequest[]): Promise<ReadonlyMap<string, Remembered>> {
    const charges = requests.map(({ idempotencyKey, ...request }) => ({
      ...{ key: idempotencyKey, ...request },
      isRefused: this.conductFor(idempotencyKey) === 'refuses',
    }));
    const rows = (await this.source.query(
      `insert into simulated_charges as known (idempotency_key, amount, currency, method, is_refused, asked_at)
       select key, amount, currency, method, "isRefused", now()
         from json_to_recordset($1) as c(key text, amount bigint, currency text, method text, "isRefused" boolean)
        order by key
       on conflict (idempotency_key) do update set asked_at = known.asked_at
       returning *, xmax = 0 as is_new, ${AGE}`,
      [JSON.stringify(charges)],
    )) as Remembered[];
    return new Map(rows.map((row) => [row.idempotency_key, row]));
  }

  private note(call: string, idempotencyKey: string): void {
    this.calls.push(`${call} ${idempotencyKey}`);
    if (this.calls.length > 1_000) this.calls.shift();
  }
}
