import { departments } from '../../company/programs.js';
import type { Fault } from '../fault.js';

export const rollingRestart: Fault = {
  id: 'F13',
  title: 'rolling restart under load',
  does: 'each department is stopped with SIGTERM and started again; or a second instance is started before the first is stopped',
  heals: 'all run again',
  turns: ['one instance', 'two instances'],
  async strike({ chance, company, start, begin, complain }, turn) {
    for (const name of chance.shuffled(departments)) {
      const old = company.department(name);
      if (turn === 'two instances') await (await begin(name, {}, [])).ready();
      await old.stop();
      if (old.exitCode !== 0) complain(`${name} ended with ${old.exitCode} after SIGTERM`);
      if (turn === 'one instance') await start(name);
    }
    return () => Promise.resolve();
  },
};
