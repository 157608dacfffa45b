import type { DoorSettings } from '@retaguarda/department';
import { SettingsReader, WrongSettings } from '@retaguarda/department';
import { CannotAudit } from './audit/cannot-audit.js';
import type { RunningSystem } from './audit/running-system.js';
import { findRunningSystem } from './audit/running-system.js';
import type { Pace } from './audits/pace.js';

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const DAY_SECONDS = 86_400;
const PORT = 3_000;

export interface ControlRoomSettings extends DoorSettings {
  readonly system: RunningSystem;
  readonly pace: Pace;
  readonly settleMs: number;
  readonly deadlineMs: number;
}

/** `HOST`, `PORT`, `LOG_LEVEL` and what begins with `AUDIT_`: see the README. Throws `WrongSettings`. */
export async function readControlRoomSettings(environment: NodeJS.ProcessEnv): Promise<ControlRoomSettings> {
  const read = new SettingsReader(environment);
  const seconds = (name: string, otherwise: number, least: number) =>
    read.whole(name, otherwise, { least, most: DAY_SECONDS }) * SECOND_MS;
  const settings = {
    ...read.door(PORT),
    pace: {
      everyMs: seconds('AUDIT_EVERY_SECONDS', 60, 1),
      busyShare: read.whole('AUDIT_BUSY_PERCENT', 10, { least: 1, most: 100 }) / 100,
    },
    settleMs: seconds('AUDIT_SETTLE_SECONDS', 60, 0),
    deadlineMs: read.whole('AUDIT_DEADLINE_MINUTES', 60, { least: 0, most: 1_000_000 }) * MINUTE_MS,
  };
  read.refuseWrong();
  return { ...settings, system: await systemIn(environment) };
}

async function systemIn(environment: NodeJS.ProcessEnv): Promise<RunningSystem> {
  try {
    return await findRunningSystem(environment);
  } catch (error) {
    throw error instanceof CannotAudit ? new WrongSettings(error.message) : error;
  }
}
