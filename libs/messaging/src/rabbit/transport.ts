import { Server, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import type { Channel, ChannelModel } from 'amqplib';
import { contractOf } from '@retaguarda/contracts';
import {
  DEAD_LETTER_EXCHANGE,
  DEPARTMENTS_EXCHANGE,
  JOURNAL_EXCHANGE,
  STOREFRONT_EXCHANGE,
  UNRECOGNISED_EXCHANGE,
} from '../envelope/envelope.js';
import type { Messaging } from '../messaging.js';
import type { Step } from '../pipeline/step.js';
import { deadQueueOf, planQueue, queueOf, unrecognisedQueueOf } from '../process/topology.js';
import { closed, pause } from './closing.js';
import { Consumer } from './consumer.js';
import { parkDeadLetters, parkUnrecognised } from './dead-letters.js';
import { JOURNAL_STREAM } from './journal-stream.js';
import { Link, type Connect } from './link.js';
import { patternStep } from './pattern-step.js';

export interface TransportSettings {
  /** `amqp://user:password@host:port/vhost` of the user that has the department's queues. */
  readonly url: string;
  /** The same of the user that may publish the department's events; `url` unless told. */
  readonly publishUrl?: string | undefined;
  /** Messages per transaction at most; 200 unless told. */
  readonly batchSize?: number;
  /** How connections are made: by amqplib, unless a simulation brings a broker of its own. */
  readonly connect?: Connect;
}

/** By queue, what waits and how many consume it. */
type Depths = Map<string, { waiting: number; consumers: number }>;

const BATCH_SIZE = 200;
const DEPTHS_WITHIN_MS = 2_000;
const NOT_FOUND = 404;

/**
 * The Nest transport: consumes the queues of the process table, and of every `@EventPattern`, through the pipeline.
 * Publishes and consumes on separate connections, because a broker in alarm blocks those that publish.
 */
export class RabbitTransport extends Server implements CustomTransportStrategy {
  private readonly publishing: Link;
  private readonly consuming: Link;
  private consumers: Consumer[] = [];
  private isClosing = false;
  private asking: Promise<Depths> | undefined;

  constructor(
    private readonly messaging: Messaging,
    private readonly settings: TransportSettings,
  ) {
    super();
    const log = (message: string) => messaging.settings.log.warn(message);
    const publishUrl = settings.publishUrl ?? settings.url;
    this.publishing = new Link(publishUrl, `${messaging.department} publishes`, log, settings.connect);
    this.consuming = new Link(settings.url, `${messaging.department} consumes`, log, settings.connect);
  }

  /** Resolves when both connections are up and every queue was tried; `notReadyBecause` says which are not consumed. */
  async listen(callback: (error?: unknown) => void): Promise<void> {
    // Nest does not look at the promise: who waits for it hears of a failure by the callback only.
    await this.begin().then(() => callback(), callback);
  }

  private async begin(): Promise<void> {
    this.consumers = this.planConsumers();
    this.publishing.onUp((connection) => this.messaging.publisher.useConnection(connection));
    this.consuming.onUp(async (connection) => {
      let hasEnded = false;
      connection.once('close', () => (hasEnded = true));
      await declareExchanges(connection);
      await declareJournal(connection);
      for (const consumer of this.consumers) if (!hasEnded) await consumer.useConnection(connection);
    });
    await this.publishing.open();
    if (!this.isClosing) await this.messaging.replaying.run();
    await this.consuming.open();
    if (!this.isClosing) this.messaging.start();
  }

  /** Stops consuming, finishes what is at work, sends what is committed, then disconnects. */
  async close(): Promise<void> {
    this.isClosing = true;
    const drained = Promise.all(this.consumers.map((consumer) => consumer.drain()));
    this.messaging.giveUpWaiting();
    await drained;
    await this.consuming.close();
    await this.messaging.stop();
    await this.publishing.close();
  }

  /**
   * Why the department is not ready, or undefined when both connections and all consumers are there. A broker in alarm,
   * which takes no publishes for a while, is no reason: orders are still accepted and sent when the alarm is over.
   */
  get notReadyBecause(): string | undefined {
    if (!this.publishing.isUp || !this.consuming.isUp) return 'the broker is not connected';
    const detached = this.consumers.filter(({ isAttached }) => !isAttached).map(({ plan }) => plan.queue);
    return detached.length > 0 ? `not consuming ${detached.join(', ')}` : undefined;
  }

  /** What waits in each queue of the department and how many consume it, by the broker's word; empty without one. */
  async depths(): Promise<Depths> {
    // One question at a time: a broker that does not answer must cost one channel, not one a poll.
    this.asking ??= this.askDepths().finally(() => (this.asking = undefined));
    const late = new AbortController();
    const tooLate = pause(DEPTHS_WITHIN_MS, late.signal).then((): Depths => new Map());
    return Promise.race([this.asking, tooLate]).finally(() => late.abort());
  }

  /** On the consuming connection: the other one stands still while the broker is in alarm. */
  private async askDepths(): Promise<Depths> {
    const channel = await this.consuming.channel();
    if (!channel) return new Map();
    try {
      const answers = await Promise.all(this.consumers.map(({ plan }) => channel.checkQueue(plan.queue)));
      return new Map(answers.map((a) => [a.queue, { waiting: a.messageCount, consumers: a.consumerCount }]));
    } catch {
      return new Map();
    } finally {
      void closed(channel);
    }
  }

  on(): never {
    throw new Error('This transport has no events; see /health/ready and /metrics.');
  }

  unwrap<T>(): T {
    return this.messaging as T;
  }

  private planConsumers(): Consumer[] {
    const { messaging } = this;
    const steps = [...messaging.openSteps(), ...this.patternSteps()];
    const settings = {
      batchSize: this.settings.batchSize ?? BATCH_SIZE,
      restMs: 0,
      log: (message: string) => messaging.settings.log.warn(message),
    };
    const department = messaging.department;
    const plan = (step: Step) => planQueue(department, step.name.slice(department.length + 1), step.events);
    return [
      ...steps.map((step) => {
        const { restMs } = step;
        return new Consumer(plan(step), (batch) => messaging.take(step, batch), { ...settings, restMs });
      }),
      ...this.parkingConsumers(settings, steps),
    ];
  }

  private parkingConsumers(settings: ConstructorParameters<typeof Consumer>[2], steps: Step[]): Consumer[] {
    const { source, clock } = this.messaging.settings;
    const { gate, department } = this.messaging;
    const dead = {
      queue: deadQueueOf(department),
      bindings: [{ exchange: DEAD_LETTER_EXCHANGE, routingKey: department }],
    };
    const consumers = [new Consumer(dead, parkDeadLetters(source, clock, gate, department), settings)];
    const readsStorefront = steps.some(({ events }) => events.some(({ type }) => type.startsWith('storefront.')));
    if (readsStorefront) {
      const queue = unrecognisedQueueOf(department);
      const plan = { queue, bindings: [{ exchange: UNRECOGNISED_EXCHANGE, routingKey: '' }] };
      consumers.push(new Consumer(plan, parkUnrecognised(source, clock, gate, queue), settings));
    }
    return consumers;
  }

  /** Plain Nest: `@EventPattern('sales.order-placed.v1')` on a controller gets a queue and the same guarantees. */
  private patternSteps(): Step[] {
    return [...this.messageHandlers.entries()].map(([pattern, handler]: [string, MessageHandler]) => {
      const contract = contractOf(pattern);
      if (!contract) throw new Error(`@EventPattern('${pattern}') names no event of the contracts.`);
      const name = queueOf(this.messaging.department, (handler.extras?.['step'] as string | undefined) ?? pattern);
      return this.messaging.addStep(patternStep(name, contract, handler));
    });
  }
}

const EXCHANGES = [
  [STOREFRONT_EXCHANGE, 'topic'],
  [DEPARTMENTS_EXCHANGE, 'topic'],
  [DEAD_LETTER_EXCHANGE, 'topic'],
  [UNRECOGNISED_EXCHANGE, 'fanout'],
  [JOURNAL_EXCHANGE, 'topic'],
] as const;

/** Asks first: a department's user may not configure exchanges, so they must be there already. */
async function declareExchanges(connection: ChannelModel): Promise<void> {
  for (const [name, type] of EXCHANGES) {
    if (await exists(connection, (channel) => channel.checkExchange(name))) continue;
    const channel = await connection.createChannel();
    await channel.assertExchange(name, type, { durable: true });
    await channel.close();
  }
}

/** Without the stream, entries would come back as unroutable and stay in the outboxes. */
async function declareJournal(connection: ChannelModel): Promise<void> {
  if (await exists(connection, (channel) => channel.checkQueue(JOURNAL_STREAM))) return;
  const channel = await connection.createChannel();
  await channel.assertQueue(JOURNAL_STREAM, { durable: true, arguments: { 'x-queue-type': 'stream' } });
  await channel.bindQueue(JOURNAL_STREAM, JOURNAL_EXCHANGE, '#');
  await channel.close();
}

/** On a channel of its own, which the broker closes when the answer is no. */
async function exists(connection: ChannelModel, look: (channel: Channel) => Promise<unknown>): Promise<boolean> {
  const channel = await connection.createChannel();
  channel.on('error', () => undefined);
  try {
    await look(channel);
    await channel.close();
    return true;
  } catch (error) {
    if ((error as { code?: number }).code === NOT_FOUND) return false;
    throw error;
  }
}
