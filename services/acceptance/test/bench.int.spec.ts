import { testServers } from '@retaguarda/testing';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Contender } from '../src/bench/company/contender.js';
import { Leaving } from '../src/bench/company/leaving.js';
import { floor } from '../src/bench/floor/floor.js';
import { golevelup } from '../src/bench/golevelup/golevelup.js';
import { nestRmq } from '../src/bench/nest-rmq/nest-rmq.js';
import { Turn } from '../src/bench/phases/turn.js';
import { retaguarda } from '../src/bench/retaguarda/retaguarda.js';

const ORDERS = 30;
const LIMIT_MS = 180_000;

/** The programs are those that `npm run build` left. */
function built(contender: Contender): Contender {
  const program: Contender['program'] = (department) => {
    const { file, ...rest } = contender.program(department);
    return { file: file.replace('/src/bench/', '/dist/bench/'), ...rest };
  };
  return { ...contender, program };
}

describe.each([retaguarda, nestRmq, golevelup, floor].map((each) => [each.name, each] as const))(
  '%s in the benchmark',
  (_, contender) => {
    const profileFolder = mkdtempSync(join(tmpdir(), 'retaguarda-bench-'));
    const leaving = new Leaving();
    let turn: Turn;

    beforeAll(async () => {
      const settings = { servers: testServers(), lines: 3, nodeFlags: [], profileFolder, leaving };
      turn = await Turn.begin(built(contender), settings);
    }, LIMIT_MS);
    afterAll(async () => {
      await leaving.leave();
      rmSync(profileFolder, { recursive: true, force: true });
    }, LIMIT_MS);

    it(
      'writes the rows that the orders ask for, and one that is missing is missed',
      async () => {
        const { orders } = await turn.backlog('spec', ORDERS);
        expect(orders).toBe(ORDERS);
        await turn.checkBooks();
        await turn.ground.sql('stock', 'delete from movements where ctid = (select max(ctid) from movements)');
        await expect(turn.checkBooks()).rejects.toThrow('rows of movements');
      },
      LIMIT_MS,
    );
  },
);
