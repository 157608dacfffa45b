import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DepartmentName } from '../../company/programs.js';
import type { RunningDepartment } from '../../company/running-department.js';
import type { Fault } from '../fault.js';

const LASTS_MS = 10_000;
const PLACES = ['/usr/lib', '/usr/local/lib'];

/** Debian's package `libfaketime`, or the library that RETAGUARDA_FAKETIME names. */
function library(): string | undefined {
  const given = process.env['RETAGUARDA_FAKETIME'];
  if (given && existsSync(given)) return given;
  const folders = PLACES.filter((place) => existsSync(place)).flatMap((place) =>
    readdirSync(place).map((name) => join(place, name)),
  );
  return folders.map((folder) => join(folder, 'faketime', 'libfaketime.so.1')).find((file) => existsSync(file));
}

export const clocks: Fault = {
  id: 'F12',
  title: 'clocks one hour off',
  does: "a department's clock is an hour ahead, or behind",
  heals: 'the department is started again with the right time',
  turns: ['stock ahead', 'sales behind', 'billing ahead', 'fulfillment behind', 'invoicing ahead'],
  isMissing: () => (library() ? undefined : 'libfaketime is not installed (Debian: apt-get install libfaketime)'),
  async strike({ company, start, begin, pause, complain }, turn) {
    const [name, way] = turn.split(' ') as [DepartmentName, 'ahead' | 'behind'];
    const faked = { LD_PRELOAD: library(), FAKETIME: way === 'ahead' ? '+1h' : '-1h', DONT_FAKE_MONOTONIC: '1' };
    await company.department(name).stop();
    const department = await start(name, { ...faked, FAKETIME_DONT_FAKE_MONOTONIC: '1' });
    const off = await hoursOff(department);
    if (off !== (way === 'ahead' ? 1 : -1)) complain(`the clock of ${name} is ${off} hours off`);
    await pause(LASTS_MS);
    return async () => {
      await company.department(name).stop();
      await begin(name, {}, []);
    };
  },
};

/** By the date that it puts into its answers. */
async function hoursOff({ url }: RunningDepartment): Promise<number> {
  const { headers } = await fetch(new URL('/health/live', url));
  return Math.round((Date.parse(headers.get('date')!) - Date.now()) / 3_600_000);
}
