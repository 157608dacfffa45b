import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import type { EventClass } from '@retaguarda/contracts';
import type { Clock } from '@retaguarda/database';
import { DepartmentModule, ProblemFilter, type DepartmentDefinition } from '@retaguarda/department';
import { exchangeOf, Messaging, type Envelope, type Incoming } from '@retaguarda/messaging';
import { pino } from 'pino';
import { DataSource } from 'typeorm';
import { v5 as uuidOf } from 'uuid';
import { freshDatabase } from './servers/index.js';

/** A clock that stands still until it is moved. */
export class TestClock implements Clock {
  constructor(private time = new Date('2026-03-02T12:00:00Z')) {}

  now(): Date {
    return this.time;
  }

  advance(ms: number): void {
    this.time = new Date(this.time.getTime() + ms);
  }
}

const NAMESPACE = '6f2f1f0a-6f0c-4c58-9f5a-0b7c7d5f3e11';

/** The message of an event, as a queue would deliver it. `id` tells messages with the same facts apart. */
export function messageOf(event: object, { id = 'first', mayHaveCrashed = false } = {}): Incoming {
  const { type } = event.constructor as EventClass;
  const data = JSON.stringify(event);
  const envelope: Envelope = {
    specversion: '1.0',
    id: uuidOf(`${id} ${type} ${data}`, NAMESPACE),
    source: '/test',
    type,
    time: '2026-03-02T12:00:00.000Z',
    datacontenttype: 'application/json',
    data: event,
  };
  return {
    exchange: exchangeOf(type),
    routingKey: type,
    contentType: 'application/cloudevents+json',
    messageId: envelope.id,
    headers: {},
    body: Buffer.from(JSON.stringify(envelope)),
    mayHaveCrashed,
    attempts: 0,
    early: 0,
    fromDeferred: false,
  };
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- what a door answers is what the test is about
  readonly body: any;
}

const TABLES_OF_MESSAGING = ['inbox', 'outbox', 'deferred', 'suspects', 'parked', 'redrives', 'replays', 'migrations'];

/**
 * A department with its real handlers, pipeline and Postgres, but without a broker: messages are handed to its steps
 * and the events that follow are read from its outbox. What is committed here is what would be sent.
 */
export class OfflineDepartment {
  private constructor(
    readonly app: NestFastifyApplication,
    readonly messaging: Messaging,
    readonly source: DataSource,
    readonly clock: TestClock,
  ) {}

  static async open(definition: DepartmentDefinition): Promise<OfflineDepartment> {
    const url = await freshDatabase(definition.process.department);
    const clock = new TestClock();
    const log = pino({ level: 'silent' });
    const settings = {
      databaseUrl: url,
      rabbitUrl: 'amqp://nowhere',
      host: '127.0.0.1',
      port: 0,
      logLevel: 'silent',
      batchSize: 200,
    };
    const module = await Test.createTestingModule({
      imports: [DepartmentModule.of(definition, { settings, log, clock })],
    }).compile();
    const adapter = new FastifyAdapter({ onProtoPoisoning: 'ignore', onConstructorPoisoning: 'ignore' });
    const app = module.createNestApplication<NestFastifyApplication>(adapter, { logger: false, rawBody: true });
    app.useGlobalFilters(new ProblemFilter(log));
    await app.listen(0, '127.0.0.1');
    const messaging = app.get(Messaging);
    messaging.openSteps();
    return new OfflineDepartment(app, messaging, app.get(DataSource), clock);
  }

  /** Hands messages to one step as one batch. Events are put into messages of their own. */
  async deliver(command: string, ...batch: (object | Incoming)[]): Promise<void> {
    const step = this.messaging.step(`${this.messaging.department}.${command}`);
    const { sent } = await this.messaging.take(
      step,
      batch.map((item) => ('body' in item && 'routingKey' in item ? (item as Incoming) : messageOf(item))),
    );
    await sent;
  }

  /** Knocks at the HTTP door. `body` is sent as JSON, a text as it is. */
  async http(
    method: 'GET' | 'POST',
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<HttpAnswer> {
    const answer = await fetch(new URL(path, await this.app.getUrl()), {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    const isJson = answer.headers.get('content-type')?.includes('json') ?? false;
    return { status: answer.status, headers: answer.headers, body: isJson ? JSON.parse(text) : text };
  }

  /** Brings back every deferred message now, whatever its delay. */
  async retryDeferred(): Promise<void> {
    await this.source.query(
      `update deferred set next_attempt_at = clock_timestamp() - interval '1 second', leased_until = null`,
    );
    await this.messaging.deferrals.runDue();
  }

  /** Every event committed so far, in order of commit: type and data. */
  async sent(): Promise<{ type: string; data: Record<string, unknown> }[]> {
    const rows = (await this.source.query(
      'select envelopes::json as envelopes from outbox order by created_at, id',
    )) as {
      envelopes: Envelope[];
    }[];
    return rows.flatMap(({ envelopes }) =>
      envelopes.map(({ type, data }) => ({ type, data: data as Record<string, unknown> })),
    );
  }

  /** The events of one contract that were committed so far. */
  async sentOf<E>(contract: EventClass<E>): Promise<E[]> {
    return (await this.sent()).filter(({ type }) => type === contract.type).map(({ data }) => data as E);
  }

  /** The department's own tables, row by row, comparable with `toEqual`. Messaging's tables are left out. */
  async state(leftOut: Readonly<Record<string, readonly string[]>> = {}): Promise<Record<string, unknown[]>> {
    const tables = (await this.source.query(
      `select table_name as name from information_schema.tables where table_schema = 'public' and not table_name = any($1) order by 1`,
      [TABLES_OF_MESSAGING],
    )) as { name: string }[];
    const state: Record<string, unknown[]> = {};
    for (const { name } of tables) {
      const rows = (await this.source.query(
        `select row from (select to_jsonb(t) - $1::text[] as row from "${name}" t) rows order by row::text`,
        [leftOut[name] ?? []],
      )) as { row: unknown }[];
      state[name] = rows.map(({ row }) => row);
    }
    return state;
  }

  async deferred(): Promise<{ step: string; reason: string; early: number; attempts: number }[]> {
    return (await this.source.query(
      'select step, reason, early, attempts from deferred order by step, message_key',
    )) as never;
  }

  async parked(): Promise<
    { step: string; cause: string; reasons: { field: string; problem: string }[]; occurrences: number }[]
  > {
    return (await this.source.query('select step, cause, reasons, occurrences from parked order by id')) as never;
  }

  /** Empties every table, for the next test. */
  async reset(): Promise<void> {
    const names = [
      ...Object.keys(await this.state()),
      'inbox',
      'outbox',
      'deferred',
      'suspects',
      'parked',
      'redrives',
      'replays',
    ];
    await this.source.query(`truncate ${names.map((name) => `"${name}"`).join(', ')} restart identity`);
  }

  async close(): Promise<void> {
    await this.messaging.stop();
    await this.app.close();
    await this.source.destroy();
  }
}
