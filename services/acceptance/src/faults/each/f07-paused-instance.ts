import type { DepartmentName } from '../../company/programs.js';
import type { Fault, Scene } from '../fault.js';

/** The broker is up to ten seconds behind when it says what is held, and takes it back after twenty. */
const LOOK_MS = 11_000;
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
    const { startBeside, pause } = scene;
    const second = await startBeside(turn as DepartmentName);
    await pause(2_000);
    second.signal('SIGSTOP');
    await pause(LOOK_MS);
    const count = await held(scene, turn);
    scene.note(`${count} messages were held`);
    if (count === 0) scene.complain('the paused instance held nothing: it was no fault');
    await pause(PAUSED_MS - LOOK_MS);
    return () => Promise.resolve(second.signal('SIGCONT'));
  },
};

/** Delivered to the department and not acked; what the other instance is at work on is among it. */
async function held({ servers, company }: Scene, department: string): Promise<number> {
  const path = `queues${new URL(company.rabbitUrl).pathname}`;
  const queues = (await servers.manage('GET', path)) as { name: string; messages_unacknowledged?: number }[];
  const own = queues.filter(({ name }) => name.startsWith(`${department}.`));
  return own.reduce((sum, { messages_unacknowledged: count = 0 }) => sum + count, 0);
}
