import type { DepartmentName } from '../../company/programs.js';
import type { RunningDepartment } from '../../company/running-department.js';
import type { Fault, Scene } from '../fault.js';

/** A transaction that is open, an outbox row that is leased, a message whose work is done and that is not acked. */
const moments = ['after-handler', 'after-commit', 'before-ack'] as const;
/** How long it stands at its moment by itself, so that it can be stopped there. */
const STANDS_MS = 3_000;
const REACHED_WITHIN_MS = 30_000;
const LOOK_MS = 20;
/** Longer than the leases of outbox rows (20 s) and of deferred messages (30 s), and than a transaction may idle (60 s). */
const PAUSED_MS = 66_000;

export const pausedInstance: Fault = {
  id: 'F7',
  title: 'one of two instances paused past its lease',
  does: 'a second instance is stopped in the middle of its work (SIGSTOP) for 66 s; the other one goes on',
  heals: 'SIGCONT: it wakes up with what it held and may not write over what the other did meanwhile',
  turns: ['stock', 'billing', 'invoicing', 'sales', 'fulfillment'],
  red: () => 'none',
  async strike(scene, turn) {
    const { chance, startBeside, pause } = scene;
    const moment = chance.one(moments);
    const stands = { RETAGUARDA_FAILPOINT: `${moment}:pause:${STANDS_MS}` };
    const second = await startBeside(turn as DepartmentName, stands, ['--conditions=faults']);
    await untilIn(scene, second, moment);
    second.signal('SIGSTOP');
    await pause(PAUSED_MS);
    return () => Promise.resolve(second.signal('SIGCONT'));
  },
};

/** In the work of a step: what a duty does at its moment, the other instance does not wait for. */
async function untilIn(scene: Scene, second: RunningDepartment, moment: string): Promise<void> {
  const { pause, note, complain, patience } = scene;
  const reached = `failpoint ${moment} reached at ${second.name}.`;
  for (const begin = Date.now(); !second.lastWords.includes(reached); await pause(LOOK_MS))
    if (Date.now() - begin > REACHED_WITHIN_MS * patience)
      return complain(`the second ${second.name} had nothing to do`);
  note(`paused at ${moment}`);
}
