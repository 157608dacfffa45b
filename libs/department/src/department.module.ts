import type { DynamicModule, Type } from '@nestjs/common';
import { Module } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import type { Clock } from '@retaguarda/database';
import { dataSourceOf, migrate } from '@retaguarda/database';
import type { AnyHandles, Process } from '@retaguarda/messaging';
import { Desk, Messaging, messagingMigrations, RabbitTransport } from '@retaguarda/messaging';
import type { Logger } from 'pino';
import { collectDefaultMetrics, Registry } from 'prom-client';
import type { MigrationInterface } from 'typeorm';
import { DataSource } from 'typeorm';
import { exposeBacklog } from './ops/backlog.js';
import { HealthController } from './ops/health.controller.js';
import { Life } from './ops/life.js';
import { OpsController } from './ops/ops.controller.js';
import { exposeParked } from './ops/parked.metrics.js';
import { ParkedController } from './ops/parked.controller.js';
import { RedrivesController } from './ops/redrives.controller.js';
import { exposeQueues } from './ops/queues.js';
import { Readiness } from './ops/readiness.js';
import type { DepartmentSettings } from './settings.js';

/** What makes a department: its process, its Nest module, its tables. */
export interface DepartmentDefinition {
  readonly process: Process;
  /** Wiring only: controllers, queries and `handlersOf(process)`. */
  readonly module: Type;
  readonly entities: Type[];
  readonly migrations: Type<MigrationInterface>[];
  readonly port: number;
}

/** The handlers of a process table as providers of the department's module. */
export function handlersOf(process: Process): Type[] {
  return [...new Set(process.rows.map(({ handler }) => handler as Type))];
}

export interface Surroundings {
  readonly settings: DepartmentSettings;
  readonly log: Logger;
  readonly clock: Clock;
}

/** The migrated database of a department. Everything that touches its tables starts here. */
export async function openDatabase(definition: DepartmentDefinition, url: string): Promise<DataSource> {
  const source = dataSourceOf({
    url,
    entities: definition.entities,
    migrations: [...messagingMigrations, ...definition.migrations],
    applicationName: `retaguarda ${definition.process.department}`,
  });
  await source.initialize();
  await migrate(source);
  return source;
}

@Module({})
export class DepartmentModule {
  static of(definition: DepartmentDefinition, { settings, log, clock }: Surroundings): DynamicModule {
    const shared = [
      { provide: DataSource, useFactory: () => openDatabase(definition, settings.databaseUrl) },
      { provide: Registry, inject: [DataSource], useFactory: openRegistry },
      { provide: Life, useValue: new Life() },
      {
        provide: Messaging,
        inject: [DataSource, Registry, ModuleRef],
        useFactory: (source: DataSource, registry: Registry, module: ModuleRef) =>
          new Messaging({
            process: definition.process,
            source,
            clock,
            registry,
            log: { info: (message) => log.info(message), warn: (message) => log.warn(message) },
            find: (handler) => module.get<AnyHandles>(handler, { strict: false }),
          }),
      },
      { provide: Desk, inject: [Messaging], useFactory: (messaging: Messaging) => messaging.desk },
      {
        provide: RabbitTransport,
        inject: [Messaging, Registry],
        useFactory: (messaging: Messaging, registry: Registry) => {
          const { rabbitUrl: url, rabbitPublishUrl: publishUrl, batchSize } = settings;
          const transport = new RabbitTransport(messaging, { url, publishUrl, batchSize });
          exposeQueues(registry, () => transport.depths());
          return transport;
        },
      },
      { provide: Readiness, inject: [DataSource, RabbitTransport], useFactory: readinessOf },
    ];
    return {
      module: DepartmentModule,
      global: true,
      imports: [definition.module],
      controllers: [HealthController, OpsController, ParkedController, RedrivesController],
      providers: shared,
      exports: shared.map(({ provide }) => provide),
    };
  }
}

function readinessOf(source: DataSource, transport: RabbitTransport): Readiness {
  return {
    notReadyBecause: async () => {
      if (transport.notReadyBecause) return `${transport.notReadyBecause}.`;
      await source.query('select 1');
      return undefined;
    },
  };
}

function openRegistry(source: DataSource): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  exposeBacklog(registry, source);
  exposeParked(registry, source);
  return registry;
}
