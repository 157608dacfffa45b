import { Life, openDoor, openLog, runProgram } from '@retaguarda/department';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Auditing } from './audits/auditing.js';
import { ControlRoomModule } from './control-room.module.js';
import type { ControlRoomSettings } from './settings.js';
import { readControlRoomSettings } from './settings.js';

const NAME = 'control-room';

/** The control room at work. */
export interface ControlRoom {
  readonly app: NestFastifyApplication;
  /** Also in the middle of an audit, which then ends at once. */
  stop(): Promise<void>;
}

/** Listens and begins to audit. It does not wait for the departments' databases: that one is away is what it tells. */
export async function openControlRoom(
  settings: ControlRoomSettings,
  log = openLog(NAME, settings.logLevel),
): Promise<ControlRoom> {
  const app = await openDoor(ControlRoomModule.of(settings, log), { name: NAME, log });
  await app.listen(settings.port, settings.host);
  const auditing = app.get(Auditing);
  auditing.start();
  return { app, stop: () => stop(app, auditing) };
}

async function stop(app: NestFastifyApplication, auditing: Auditing): Promise<void> {
  app.get(Life).isStopping = true;
  await auditing.stop();
  await app.close();
}

/** The whole `main.ts`. */
export function runControlRoom(): Promise<void> {
  return runProgram({ name: NAME, settings: () => readControlRoomSettings(process.env), open: openControlRoom });
}
