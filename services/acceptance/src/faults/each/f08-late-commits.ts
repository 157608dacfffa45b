import pg from 'pg';
import type { DepartmentName } from '../../company/programs.js';
import type { Fault } from '../fault.js';

const LATE_MS = 1_500;
const LASTS_MS = 9_000;

export const lateCommits: Fault = {
  id: 'F8',
  title: 'commits out of order, a long idle transaction',
  does: 'one of two instances commits 1.5 s after it has written, behind the younger rows of the other; somebody keeps a transaction open all the time',
  heals: 'the transaction ends, the slow instance stops',
  turns: ['sales', 'stock', 'billing', 'fulfillment', 'invoicing'],
  red: () => 'none',
  async strike({ startBeside, company, pause, topology, note, complain }, turn) {
    const name = turn as DepartmentName;
    const idle = new pg.Client({ connectionString: company.databases[name] });
    await idle.connect();
    await idle.query('begin');
    await idle.query('select txid_current()');
    const late = { RETAGUARDA_FAILPOINT: `after-handler:pause:${LATE_MS}` };
    const slow = await startBeside(name, late, ['--conditions=faults']);
    await pause(LASTS_MS);
    const steps = topology.queues.filter((step) => slow.lastWords.includes(`after-handler reached at ${step}:`));
    note(`late were ${steps.join(', ') || 'none'}`);
    if (steps.length === 0) complain(`the slow ${name} had nothing to do`);
    return async () => {
      await idle.query('rollback');
      await idle.end();
      await slow.stop();
    };
  },
};
