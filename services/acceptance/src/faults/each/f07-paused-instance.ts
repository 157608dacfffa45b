import type { DepartmentName } from '../../company/programs.js';
import type { Fault, Scene } from '../fault.js';

/** The broker says every five seconds what is held, and takes it back after some twenty. */
const LOOK_MS = 6_000;
const LOOKS = 2;
/** Longer than the leases of outbox rows (20 s) and of deferred messages (60 s). */
const PAUSED_MS = 66_000;

export const pausedInstance: Fault = {
  id: 'F7',
  title: 'one of two instances paused past its lease',
  does: 'a second instance is stopped in the middle of its work (SIGSTOP) for 66 s; the other one goes on',
  heals: 'SIGCONT: it wakes up with what it held and may not write over what the other did meanwhile',
  turns: ['stock', 'billing', 'invoicing', 'sales', 'fulfillment'],
  red: () => 'none',
  async strike(scene, turn) {
    const { startBeside, pause } = scene;
    const second = await startBeside(turn as DepartmentName);
    await pause(2_000);
    second.signal('SIGSTOP');
    const held = await heldThroughout(scene, turn);
    scene.note(`${held} messages were held`);
    if (held === 0) scene.complain('the paused instance held nothing: it was no fault');
    await pause(PAUSED_MS - LOOKS * LOOK_MS);
    return () => Promise.resolve(second.signal('SIGCONT'));
  },
};

/** What the other instance has goes by from look to look. */
async function heldThroughout(scene: Scene, department: string): Promise<number> {
  let least = Infinity;
  for (let look = 0; look < LOOKS; look += 1) {
    await scene.pause(LOOK_MS);
    least = Math.min(least, await held(scene, department));
  }
  return least;
}

/** Delivered to the department and not acked. */
async function held({ servers, company }: Scene, department: string): Promise<number> {
  const path = `queues${new URL(company.rabbitUrl).pathname}`;
  const queues = (await servers.manage('GET', path)) as { name: string; messages_unacknowledged?: number }[];
  const own = queues.filter(({ name }) => name.startsWith(`${department}.`));
  return own.reduce((sum, { messages_unacknowledged: count = 0 }) => sum + count, 0);
}
