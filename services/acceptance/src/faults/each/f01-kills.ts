import { setTimeout as pause } from 'node:timers/promises';
import type { DepartmentName } from '../../company/programs.js';
import { departments } from '../../company/programs.js';
import type { Fault, Scene } from '../fault.js';

export const failpoints = [
  'after-handler',
  'after-commit',
  'after-publish',
  'after-confirm',
  'before-ack',
  'draining',
] as const;
const REACHED_WITHIN_MS = 45_000;

/** @param who is killed, one after the other; all five unless told */
export const killsOf = (who: readonly DepartmentName[]): Fault => ({
  id: 'F1',
  title: 'services killed',
  does: 'SIGKILL for each department, one after the other: at a failpoint, or at any moment',
  heals: 'each is started again as soon as it is dead',
  turns: [...failpoints, 'any moment'],
  async strike(scene, turn) {
    for (const name of scene.chance.shuffled(who))
      await (turn === 'any moment' ? killAnyMoment(scene, name) : killAt(scene, name, turn));
    return () => Promise.resolve();
  },
});

export const kills = killsOf(departments);

async function killAnyMoment(scene: Scene, name: DepartmentName): Promise<void> {
  await scene.pause(scene.chance.whole(0, 700));
  await scene.company.department(name).kill();
  await scene.start(name);
}

/** The department runs from the build that has failpoints until it has killed itself there. */
async function killAt(scene: Scene, name: DepartmentName, point: string): Promise<void> {
  await scene.company.department(name).stop();
  const hit = point === 'draining' ? 1 : scene.chance.whole(1, 4);
  const armed = await scene.begin(name, { RETAGUARDA_FAILPOINT: `${point}:kill:${hit}` }, ['--conditions=faults']);
  if (point === 'draining') {
    await armed.ready();
    await scene.pause(scene.chance.whole(50, 400));
    armed.signal('SIGTERM');
  }
  await Promise.race([armed.ended, pause(REACHED_WITHIN_MS * scene.patience, undefined, { ref: false })]);
  if (armed.lastWords.includes(`failpoint ${point} reached`)) scene.note(`${name} killed at ${point}, hit ${hit}`);
  else scene.complain(`${name} never reached ${point}`);
  await armed.kill();
  await scene.start(name);
}
