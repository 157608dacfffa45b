import { Test } from '@nestjs/testing';
import { BillingSettings } from '@retaguarda/billing/settings';
import { SimulatedProvider } from '@retaguarda/billing/payments/simulated-provider';
import type { Clock } from '@retaguarda/database';
import { DepartmentModule, type DepartmentDefinition } from '@retaguarda/department';
import { FulfillmentMode } from '@retaguarda/fulfillment/fulfillment-mode';
import type { AnyHandles, Connect } from '@retaguarda/messaging';
import { envelopeOf, Messaging, NotYet, RabbitTransport } from '@retaguarda/messaging';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { DataSource } from 'typeorm';
import { Life } from './life.js';
import type { WatchedSource } from './watched-source.js';

type Find = (handler: never) => AnyHandles;

/** What the simulation decides in place of the environment. */
export interface Conditions {
  readonly clock: Clock;
  readonly mode: FulfillmentMode;
  readonly connect: Connect;
  readonly log: (message: string) => void;
}

const SETTINGS = {
  databaseUrl: 'postgres://nowhere',
  rabbitUrl: 'amqp://nowhere',
  host: '127.0.0.1',
  port: 0,
  logLevel: 'silent',
  batchSize: 200,
};

/**
 * A department with its real handlers, pipeline, transport and database. Its handlers and tables stay; all that a
 * process holds in memory is made anew with each life.
 */
export class SimulatedDepartment {
  messaging!: Messaging;
  private transport!: RabbitTransport;
  private readonly handlers = new Map<unknown, AnyHandles>();

  private constructor(
    readonly definition: DepartmentDefinition,
    readonly watched: WatchedSource,
    private readonly conditions: Conditions,
    private readonly findReal: Find,
  ) {}

  static async found(
    definition: DepartmentDefinition,
    watched: WatchedSource,
    conditions: Conditions,
  ): Promise<{ department: SimulatedDepartment; provider: SimulatedProvider | undefined }> {
    const { clock } = conditions;
    const log = pino({ level: 'silent' });
    const outside = { query: (sql: string, p?: unknown[]) => watched.outside(sql, p) } as unknown as DataSource;
    const module = await Test.createTestingModule({
      imports: [DepartmentModule.of(definition, { settings: SETTINGS, log, clock })],
    })
      .overrideProvider(DataSource)
      .useValue(watched.source)
      .overrideProvider(FulfillmentMode)
      .useValue(conditions.mode)
      .overrideProvider(SimulatedProvider)
      .useFactory({
        inject: [BillingSettings],
        factory: (settings) => new SimulatedProvider(outside, settings as BillingSettings),
      })
      .compile();
    const find: Find = (handler) => module.get(handler, { strict: false });
    const department = new SimulatedDepartment(definition, watched, conditions, find);
    const provider = department.name === 'billing' ? module.get(SimulatedProvider, { strict: false }) : undefined;
    return { department, provider };
  }

  get name(): string {
    return this.definition.process.department;
  }

  /** A process starts. Resolves when it consumes all of its queues. */
  start(life: Life): Promise<void> {
    return life.live(async () => {
      const { clock, connect, log } = this.conditions;
      this.messaging = new Messaging({
        process: this.definition.process,
        source: this.watched.source,
        clock,
        registry: new Registry(),
        log: { info: log, warn: (message) => log(`${this.name} warns: ${message}`) },
        find: (handler) => this.find(handler),
      });
      this.transport = new RabbitTransport(this.messaging, { url: SETTINGS.rabbitUrl, connect });
      await this.transport.listen(() => undefined);
    });
  }

  /** SIGTERM. Resolves when everything is drained. */
  stop(life: Life): Promise<void> {
    return life.live(() => this.transport.close());
  }

  private find(handler: unknown): AnyHandles {
    const known = this.handlers.get(handler) ?? this.watch(this.findReal(handler as never), stepOf(this.name, handler));
    this.handlers.set(handler, known);
    return known;
  }

  /** The handler as it is, except that it is noted which messages it has handled in which transaction. */
  private watch(real: AnyHandles, step: string): AnyHandles {
    const note = (events: readonly unknown[], returned: unknown) => {
      const early = [returned].flat().filter((item) => item instanceof NotYet);
      for (const event of events)
        if (!early.some((one) => one.event === undefined || one.event === event))
          this.watched.noteApplied(`${step} ${envelopeOf(event as object).id}`);
    };
    return {
      ...(real.ask && { ask: (event) => real.ask!(event) }),
      ...(real.run && { run: (tx, answer) => real.run!(tx, answer) }),
      ...(real.handle && {
        handle: async (event, tx, answer) => {
          const returned = await real.handle!(event, tx, answer);
          note([event], returned);
          return returned;
        },
      }),
      ...(real.handleAll && {
        handleAll: async (events, tx, answers) => {
          const returned = await real.handleAll!(events, tx, answers);
          note(events, returned);
          return returned;
        },
      }),
    };
  }
}

function stepOf(department: string, handler: unknown): string {
  return `${department}.${(handler as { name: string }).name}`;
}
