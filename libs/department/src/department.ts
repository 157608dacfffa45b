import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Clock } from '@retaguarda/database';
import { systemClock } from '@retaguarda/database';
import { RabbitTransport } from '@retaguarda/messaging';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import type { DepartmentDefinition } from './department.module.js';
import { DepartmentModule } from './department.module.js';
import { openDoor } from './http/door.js';
import { openLog } from './logs.js';
import { describeTable } from './ops/describe-process.js';
import { Life } from './ops/life.js';
import { runProgram } from './program.js';
import type { DepartmentSettings } from './settings.js';
import { readSettings } from './settings.js';

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
  const { department: name } = definition.process;
  const ownLog = log ?? openLog(name, settings.logLevel);
  const module = DepartmentModule.of(definition, { settings, log: ownLog, clock });
  const app = await openDoor(module, { name, log: ownLog, docsPage });
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

/**
 * The whole `main.ts` of a department: settings from the environment, drain on SIGTERM and SIGINT. With `--describe` it
 * prints its process table as JSON and ends, without a broker or database.
 */
export async function runDepartment(definition: DepartmentDefinition): Promise<void> {
  const { department } = definition.process;
  if (process.argv.includes('--describe'))
    return void process.stdout.write(`${JSON.stringify(describeTable(definition.process), null, 2)}\n`);
  await runProgram({
    name: department,
    settings: () => readSettings(process.env, department, definition.port),
    open: (settings, log) => openDepartment(definition, settings, { log }),
  });
}
