import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { NestFactory } from '@nestjs/core';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import helmet from '@fastify/helmet';
import type { Clock } from '@retaguarda/database';
import { loggedError, reasonOf, systemClock } from '@retaguarda/database';
import { RabbitTransport } from '@retaguarda/messaging';
import { constants } from 'node:os';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import type { DepartmentDefinition } from './department.module.js';
import { DepartmentModule } from './department.module.js';
import { answerUnreadable, ProblemFilter } from './http/problem.filter.js';
import { nestLog, openLog } from './logs.js';
import { describeTable } from './ops/describe-process.js';
import { Life } from './ops/life.js';
import type { DepartmentSettings } from './settings.js';
import { readSettings, WrongSettings } from './settings.js';

const BODY_LIMIT_BYTES = 1_000_000;
const STOP_LIMIT_MS = 25_000;

/** A department at work: its HTTP door and its queues. */
export interface Department {
  readonly app: NestFastifyApplication;
  readonly source: DataSource;
  /** Drains and closes: no message is lost, none is handled twice. */
  stop(): Promise<void>;
}

/** Opens the database, migrates it, connects to the broker and listens. Resolves when the department is ready. */
export async function openDepartment(
  definition: DepartmentDefinition,
  settings: DepartmentSettings,
  { log, clock = systemClock, docsPage = true }: { log?: Logger; clock?: Clock; docsPage?: boolean } = {},
): Promise<Department> {
  const ownLog = log ?? openLog(definition.process.department, settings.logLevel);
  const module = DepartmentModule.of(definition, { settings, log: ownLog, clock });
  // Dangerous keys are refused by the contract's validation, which names the field; Fastify would only say 400.
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_LIMIT_BYTES,
    onProtoPoisoning: 'ignore',
    onConstructorPoisoning: 'ignore',
    forceCloseConnections: 'idle',
    frameworkErrors: answerUnreadable,
  });
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    logger: nestLog(ownLog),
    abortOnError: false,
    bufferLogs: false,
    rawBody: true,
  });
  await app.register(helmet, { contentSecurityPolicy: false });
  app.useGlobalFilters(new ProblemFilter(ownLog));
  documentDoor(app, definition, docsPage);
  app.connectMicroservice({ strategy: app.get(RabbitTransport) });
  await app.startAllMicroservices();
  await app.listen(settings.port, settings.host);
  const source = app.get(DataSource);
  return { app, source, stop: () => stop(app, source) };
}

async function stop(app: NestFastifyApplication, source: DataSource): Promise<void> {
  app.get(Life).isStopping = true;
  await app.close();
  if (source.isInitialized) await source.destroy();
}

function documentDoor(app: NestFastifyApplication, { process }: DepartmentDefinition, ui: boolean): void {
  const options = new DocumentBuilder()
    .setTitle(`Retaguarda: ${process.department}`)
    .setDescription('Errors are application/problem+json (RFC 9457).')
    .setVersion('1')
    .build();
  SwaggerModule.setup('docs', app, () => SwaggerModule.createDocument(app, options), {
    jsonDocumentUrl: 'docs-json',
    ui,
  });
}

/**
 * The whole `main.ts` of a department: settings from the environment, drain on SIGTERM and SIGINT. With `--describe` it
 * prints its process table as JSON and ends, without a broker or database.
 */
export async function runDepartment(definition: DepartmentDefinition): Promise<void> {
  const { department } = definition.process;
  if (process.argv.includes('--describe'))
    return void process.stdout.write(`${JSON.stringify(describeTable(definition.process), null, 2)}\n`);
  try {
    const settings = readSettings(process.env, department, definition.port);
    const log = openLog(department, settings.logLevel);
    const opened = stopOnSignal(log);
    opened(await openDepartment(definition, settings, { log }));
    log.info({ url: `http://${settings.host}:${settings.port}` }, 'ready');
  } catch (error) {
    const isSettings = error instanceof WrongSettings;
    const why = isSettings ? error.message : `${reasonOf(error)}\n${loggedError(error).stack ?? ''}`;
    console.error(`${department} cannot start:\n${why}`);
    process.exit(isSettings ? 2 : 1);
  }
}

type Signal = 'SIGTERM' | 'SIGINT';

/**
 * Listens for signals from now on; what it returns is to be told of the department once that is open. Before that there
 * is nothing to drain: whatever was begun is rolled back or delivered again.
 */
function stopOnSignal(log: Logger): (running: Department) => void {
  let running: Department | undefined;
  let isStopping = false;
  const stopOnce = (signal: Signal) => {
    if (isStopping) return;
    isStopping = true;
    if (!running) {
      log.info({ signal }, 'ended while starting');
      process.exit(128 + constants.signals[signal]);
    }
    log.info({ signal }, 'draining');
    setTimeout(() => {
      log.error('could not drain in time; unfinished messages go back to the broker');
      process.exit(1);
    }, STOP_LIMIT_MS).unref();
    running.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'could not stop cleanly');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', () => stopOnce('SIGTERM'));
  process.on('SIGINT', () => stopOnce('SIGINT'));
  return (opened) => (running = opened);
}
