import type { DynamicModule } from '@nestjs/common';
import { Module } from '@nestjs/common';
import { HealthController, Life, Readiness } from '@retaguarda/department';
import type { Logger } from 'pino';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { setTimeout as wait } from 'node:timers/promises';
import { audit } from './audit/audit.js';
import { exposeAudits } from './audits/audit.metrics.js';
import { Auditing } from './audits/auditing.js';
import { AuditsController } from './audits/audits.controller.js';
import { Databases } from './databases.js';
import { FrontController } from './front.controller.js';
import type { ControlRoomSettings } from './settings.js';

/** Wiring only. */
@Module({})
export class ControlRoomModule {
  static of(settings: ControlRoomSettings, log: Logger): DynamicModule {
    return {
      module: ControlRoomModule,
      controllers: [FrontController, HealthController, AuditsController],
      providers: [
        { provide: Life, useValue: new Life() },
        { provide: Readiness, useValue: new Databases(settings.system) },
        { provide: Auditing, useFactory: () => auditingOf(settings, log) },
        { provide: Registry, inject: [Auditing], useFactory: openRegistry },
      ],
    };
  }
}

function auditingOf({ system, pace, settleMs, deadlineMs }: ControlRoomSettings, log: Logger): Auditing {
  return new Auditing({
    audit: (stopped) => audit(system, { settleMs, deadlineMs, stopped }),
    now: () => Date.now(),
    ticks: () => performance.now(),
    pause: (ms, signal) => wait(ms, undefined, { signal }).catch(() => undefined),
    pace,
    tell: (level, message, details = {}) => log[level](details, message),
  });
}

function openRegistry(auditing: Auditing): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  exposeAudits(registry, auditing);
  return registry;
}
