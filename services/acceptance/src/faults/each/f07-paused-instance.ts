import type { DepartmentName } from '../../company/programs.js';
import type { Fault } from '../fault.js';

/** Longer than the lease of an outbox row (20 s) and than the broker's patience with a silent connection. */
const PAUSED_MS = 26_000;

export const pausedInstance: Fault = {
  id: 'F7',
  title: 'one of two instances paused past its lease',
  does: 'a second instance is stopped in the middle of its work (SIGSTOP) for 26 s; the other one goes on',
  heals: 'SIGCONT: it wakes up with what it held and may not write over what the other did meanwhile',
  turns: ['stock', 'billing', 'invoicing', 'sales', 'fulfillment'],
  red: () => 'none',
  async strike({ startBeside, pause }, turn) {
    const second = await startBeside(turn as DepartmentName);
    await pause(2_000);
    second.signal('SIGSTOP');
    await pause(PAUSED_MS);
    return () => Promise.resolve(second.signal('SIGCONT'));
  },
};
