import { KeptDatabase } from '../../company/kept-database.js';
import type { DepartmentName } from '../../company/programs.js';
import { departments } from '../../company/programs.js';
import { recover } from '../../company/recovery.js';
import type { Fault } from '../fault.js';
import { hasSettled } from './stillness.js';

const ACCEPTED_SINCE = 120;
const FIVE_MINUTES_MS = 300_000;

export const recovery: Fault = {
  id: 'F17',
  title: "one service's database set back",
  does: 'the database of one department is restored to what it was some hundred orders ago, or five minutes, in the middle of work',
  heals: 'the audit lists the divergences, npm run replay and a start heal them: all rows are as they were',
  turns: [...departments, 'invoicing for five minutes'],
  async strike(scene, turn) {
    const [name, isLong] = turn.split(' for ') as [DepartmentName, string?];
    const kept = await KeptDatabase.keep(scene.company.databases[name]);
    await (isLong ? scene.pause(FIVE_MINUTES_MS) : scene.storefront.untilAccepted(ACCEPTED_SINCE));
    await scene.storefront.hold();
    await hasSettled(scene);
    const recovered = await recover(scene.company, name, { kept, start: () => scene.start(name) });
    const { divergences, replayed, problems } = recovered;
    scene.note(`the audit found ${JSON.stringify(divergences)}`);
    scene.note(`done again: ${JSON.stringify(replayed.transactions)}; given back: ${replayed.givenBack}`);
    for (const problem of problems) scene.complain(problem);
    return () => Promise.resolve(scene.storefront.resume());
  },
};
