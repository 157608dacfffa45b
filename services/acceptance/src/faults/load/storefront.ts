import type { Company } from '../../company/company.js';
import type { BrokerClient } from '../amqp/broker-client.js';
import type { History, Sent } from '../history/history.js';
import type { Chance } from '../random.js';
import type { Sending } from './orders.js';
import { sendingsAround } from './orders.js';

const RETRY_MS = 400;
/** Requests at a time, as through a pool of connections: more of them would only time out in a queue, and come again. */
const REQUESTS = 16;
const CLOUDEVENTS = 'application/cloudevents+json';

export interface StorefrontDoors {
  readonly company: Company;
  readonly client: BrokerClient;
  readonly history: History;
}

/**
 * A storefront that sends orders at a steady pace and sends each again until it is accepted, as a storefront must: the
 * same event over AMQP, the same order over HTTP. What it sends follows from the seed; when it is accepted does not.
 */
export class Storefront {
  private readonly underWay = new Set<Promise<void>>();
  private isOpen = true;
  private selling: Promise<void> | undefined;
  /** Orders begun, and sendings that were accepted. */
  begun = 0;
  accepted = 0;
  acceptedOverHttp = 0;

  constructor(
    private readonly doors: StorefrontDoors,
    private readonly chance: Chance,
    private readonly ordersPerSecond: number,
  ) {}

  start(): void {
    this.selling = this.sell();
  }

  /** Sells no more, and waits until all that was sent is accepted or refused, at most `withinMs`. */
  async close(withinMs: number): Promise<{ unanswered: number }> {
    this.isOpen = false;
    await this.selling;
    const late = new Promise<void>((resolve) => setTimeout(resolve, withinMs).unref());
    while (this.underWay.size > 0) {
      const isDone = await Promise.race([Promise.all(this.underWay).then(() => true), late.then(() => false)]);
      if (!isDone) break;
    }
    const unanswered = this.underWay.size;
    this.hasGivenUp = true;
    return { unanswered };
  }

  private hasGivenUp = false;

  /** Resolves when `more` further sendings were accepted. */
  async untilAccepted(more: number): Promise<void> {
    const goal = this.accepted + more;
    while (this.accepted < goal && !this.hasGivenUp) await pause(20);
  }

  /** Sells nothing for a while, until `resume`; resolves when nothing is under way. */
  async hold(): Promise<void> {
    this.isHeld = true;
    while (this.underWay.size > 0) await Promise.all(this.underWay);
  }

  resume(): void {
    this.isHeld = false;
  }

  private isHeld = false;

  private async sell(): Promise<void> {
    while (this.isOpen) {
      if (this.isHeld) {
        await pause(50);
        continue;
      }
      this.begun += 1;
      for (const sending of sendingsAround(this.begun, this.chance.fork(String(this.begun)))) this.send(sending);
      await pause(1_000 / this.ordersPerSecond);
    }
  }

  private send(sending: Sending): void {
    const work = pause(Math.max(0, sending.afterMs + 30))
      .then(() => this.insist(sending))
      .finally(() => this.underWay.delete(work));
    this.underWay.add(work);
  }

  private async insist(sending: Sending): Promise<void> {
    const { type: _, data: __, afterMs: ___, ...sent } = sending;
    while (!this.hasGivenUp) {
      this.doors.history.write({ kind: 'attempted', ...sent });
      const outcome = await (sending.door === 'amqp' ? this.publish(sending) : this.post(sending));
      if (outcome !== 'again') return this.note(sent, outcome);
      await pause(RETRY_MS);
    }
  }

  private note(sent: Sent, outcome: 'accepted' | number): void {
    if (outcome !== 'accepted') return this.doors.history.write({ kind: 'refused', status: outcome, ...sent });
    this.accepted += 1;
    if (sent.door === 'http') this.acceptedOverHttp += 1;
    this.doors.history.write({ kind: 'accepted', ...sent });
  }

  private async publish({ type, data, eventId }: Sending): Promise<'accepted' | 'again'> {
    const envelope = {
      specversion: '1.0',
      id: eventId,
      source: '/fault-shop',
      type,
      time: new Date().toISOString(),
      datacontenttype: 'application/json',
      data,
    };
    const body = Buffer.from(JSON.stringify(envelope));
    try {
      await this.doors.client.publish('storefront', type, body, { contentType: CLOUDEVENTS, messageId: eventId });
      return 'accepted';
    } catch {
      return 'again';
    }
  }

  private async post({ data, eventId }: Sending): Promise<'accepted' | 'again' | number> {
    try {
      await this.turn();
      const sales = this.doors.company.department('sales');
      const headers = { 'idempotency-key': eventId };
      const { status } = await sales.ask('POST', '/orders', { body: data, headers });
      if (status < 300) return 'accepted';
      return status >= 500 || status === 429 || status === 408 ? 'again' : status;
    } catch {
      return 'again';
    } finally {
      this.requests -= 1;
      this.queue.shift()?.();
    }
  }

  private requests = 0;
  private readonly queue: (() => void)[] = [];

  /** One leaves before the next enters, so there is room whenever somebody is called. */
  private async turn(): Promise<void> {
    if (this.requests >= REQUESTS) await new Promise<void>((resolve) => this.queue.push(resolve));
    this.requests += 1;
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
