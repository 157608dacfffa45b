import type { ConfirmChannel, Message } from 'amqplib';
import { contractOf } from '@retaguarda/contracts';
import type { Sealed } from '../envelope/envelope.js';
import { exchangeOf, STRUCTURED_MODE } from '../envelope/envelope.js';

/** What a publish left unsent, and why. */
export interface Unsent {
  readonly events: readonly Sealed[];
  readonly why: string;
}

type Settle = (event: Sealed, failure: string | undefined) => void;

const PUBLISH_TIMEOUT_MS = 10_000;

/**
 * One channel with confirms. An event counts as sent after the broker's confirm and without a return: an unroutable
 * event is confirmed as well, its `basic.return` comes before the ack.
 * https://www.rabbitmq.com/docs/confirms#when-publishes-are-confirmed
 */
export class ConfirmedChannel {
  /** Returns without their ack yet, by message id: the same event may be under way twice after a timeout. */
  private readonly returns = new Map<string, number>();
  private readonly underWay = new Set<(failure: string) => void>();

  constructor(private readonly channel: ConfirmChannel) {
    channel.on('return', ({ properties }: Message) => this.count(String(properties.messageId)));
    let why = 'the connection to the broker was lost';
    // One publish that is refused ends the channel for all that is under way on it; the broker's words name it.
    channel.on('error', ({ message }: Error) => (why = message));
    // First of all listeners, because amqplib's own calls every confirm that is open a refusal.
    channel.prependListener('close', () => {
      for (const giveUp of [...this.underWay]) giveUp(why);
    });
  }

  /** Sends all and waits for the broker's word on each, 10 s at most. Never rejects. */
  publishAll(events: readonly Sealed[]): Promise<Unsent> {
    return new Promise((resolve) => {
      const open = new Set(events);
      const failures = new Map<Sealed, string>();
      const settle: Settle = (event, failure) => {
        if (!open.delete(event)) return;
        if (failure !== undefined) failures.set(event, failure);
        if (open.size === 0) finish();
      };
      const giveUp = (failure: string) => [...open].forEach((event) => settle(event, failure));
      const timer = setTimeout(() => giveUp('the broker did not confirm in time'), PUBLISH_TIMEOUT_MS);
      const finish = () => {
        clearTimeout(timer);
        this.underWay.delete(giveUp);
        const left = events.filter((event) => failures.has(event));
        resolve({ events: left, why: left[0] ? failures.get(left[0])! : '' });
      };
      this.underWay.add(giveUp);
      if (open.size === 0) finish();
      for (const event of events) this.publish(event, settle);
    });
  }

  private publish(event: Sealed, settle: Settle): void {
    const { exchange = exchangeOf(event.type) } = event;
    const contentType = event.exchange === undefined ? STRUCTURED_MODE : 'application/json';
    const mandatory = contractOf(event.type)?.about.audience !== 'anyone';
    const options = { contentType, messageId: event.id, persistent: true, mandatory };
    try {
      this.channel.publish(exchange, event.type, event.body, options, (error: unknown) => {
        const wasReturned = this.uncount(event.id);
        if (error) settle(event, 'the broker refused it');
        else settle(event, wasReturned ? 'no queue is bound to its routing key' : undefined);
      });
    } catch (error) {
      settle(event, error instanceof Error ? error.message : String(error));
    }
  }

  private count(id: string): void {
    this.returns.set(id, (this.returns.get(id) ?? 0) + 1);
  }

  private uncount(id: string): boolean {
    const left = (this.returns.get(id) ?? 0) - 1;
    if (left > 0) this.returns.set(id, left);
    else this.returns.delete(id);
    return left >= 0;
  }
}
