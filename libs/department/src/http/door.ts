import helmet from '@fastify/helmet';
import type { DynamicModule, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import type { Logger } from 'pino';
import { Counter, Registry } from 'prom-client';
import { nestLog } from '../logs.js';
import { Crowd } from './crowd.js';
import { answerUnreadable, ProblemFilter } from './problem.filter.js';

const BODY_LIMIT_BYTES = 1_000_000;

export interface Door {
  /** The service's: `stock`. */
  readonly name: string;
  readonly log: Logger;
  /** Requests at work before others are turned away; 500 unless told. */
  readonly mostAtWork?: number;
  /** Whether `/docs` shows a page; `/docs-json` is always there. */
  readonly docsPage?: boolean;
}

/** The HTTP side of a service, the same for all: problem+json, safe headers, OpenAPI. It does not listen yet. */
export async function openDoor(
  module: Type | DynamicModule,
  { name, log, mostAtWork, docsPage = true }: Door,
): Promise<NestFastifyApplication> {
  // Dangerous keys are refused by the contract's validation, which names the field; Fastify would only say 400.
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_LIMIT_BYTES,
    onProtoPoisoning: 'ignore',
    onConstructorPoisoning: 'ignore',
    forceCloseConnections: 'idle',
    frameworkErrors: answerUnreadable,
  });
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    logger: nestLog(log),
    abortOnError: false,
    bufferLogs: false,
    rawBody: true,
  });
  await app.register(helmet, { contentSecurityPolicy: false });
  app.useGlobalFilters(new ProblemFilter(log));
  app.useGlobalInterceptors(new Crowd(log, turnedAwayIn(app.get(Registry)), mostAtWork));
  documentDoor(app, name, docsPage);
  return app;
}

function turnedAwayIn(registry: Registry): Counter {
  const help = 'Requests turned away because too many were at work';
  return new Counter({ name: 'retaguarda_requests_turned_away_total', help, registers: [registry] });
}

function documentDoor(app: NestFastifyApplication, name: string, ui: boolean): void {
  const options = new DocumentBuilder()
    .setTitle(`Retaguarda: ${name}`)
    .setDescription('Errors are application/problem+json (RFC 9457).')
    .setVersion('1')
    .build();
  SwaggerModule.setup('docs', app, () => SwaggerModule.createDocument(app, options), {
    jsonDocumentUrl: 'docs-json',
    ui,
  });
}
