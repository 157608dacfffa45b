import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { programOf } from '../src/company/programs.js';
import { seedOf } from '../src/simulation/dice.js';
import { plants, pullUp } from '../src/simulation/plants.js';
import { Simulation } from '../src/simulation/simulation.js';

const SCHEDULES = 60;
/** Enough for a machine that does other things at the same time; alone it is a fifth of that. */
const LIMIT_MS = 240_000;
const AT_MOST = 400;

/** What each planted fault breaks. */
const breaks: Readonly<Record<string, RegExp>> = {
  'messages are acked before the commit': /was sent and is nowhere/,
  'the inbox is not asked': /handled one message \d times/,
  'stock reserves again for an order that it decided on': /the shelf does not add up/,
  'fulfillment picks an order that was stopped': /breaks cancelled-is-undone/,
  'billing forgets its ledger': /the ledger does not add up/,
  'events are published before the commit': /was published and never committed/,
};

describe('the whole company, whatever happens in whatever order', () => {
  let simulation: Simulation;
  beforeAll(async () => {
    simulation = await Simulation.open();
  });
  afterAll(() => simulation.close());
  // A seed that is played twice on the same tables fails by that alone.
  beforeEach(() => simulation.clear());
  afterEach(() => pullUp(simulation.company));

  it(
    'keeps every promise in each schedule',
    async () => {
      const failed = [];
      for (let schedule = 0; schedule < SCHEDULES; schedule += 1) {
        const outcome = await simulation.play(seedOf(1, schedule));
        if (outcome.violations.length > 0) failed.push(outcome);
      }
      expect(failed).toEqual([]);
    },
    LIMIT_MS,
  );

  it(
    'does the same again for the same seed',
    async () => {
      for (const seed of [3, 4, 5]) {
        await simulation.clear();
        const once = await simulation.play(seed);
        await simulation.clear();
        expect((await simulation.play(seed)).trace).toEqual(once.trace);
      }
    },
    LIMIT_MS,
  );

  it.each(Object.keys(plants))(
    'is found out when %s',
    async (plant) => {
      plants[plant]!(simulation.company);
      let seed = 0;
      let found: string[] = [];
      for (let schedule = 0; found.length === 0 && schedule < AT_MOST; schedule += 1) {
        seed = seedOf(2, schedule);
        const { violations } = await simulation.play(seed);
        found = violations.map(({ what }) => what).filter((what) => breaks[plant]!.test(what));
      }
      pullUp(simulation.company);
      await simulation.clear();
      expect(found).not.toEqual([]);
      expect((await simulation.play(seed)).violations).toEqual([]);
    },
    LIMIT_MS,
  );
});

describe('npm run simulate', () => {
  let program: ChildProcess;
  let said: string;
  beforeEach(() => {
    said = '';
    const flags = ['--seed', '7', '--from', '30', '--lanes', '1'];
    program = spawn(process.execPath, [programOf('acceptance', 'simulation/main.js'), ...flags]);
    for (const stream of [program.stdout!, program.stderr!])
      stream.on('data', (chunk: Buffer) => void (said += chunk.toString()));
  });
  afterEach(() => program.kill('SIGKILL'));

  it(
    'sums up and says how to go on when it is stopped, though it is told twice, as by a Ctrl-C under npm',
    async () => {
      await once(program.stdout!, 'data');
      // Two of one kind that come at once may count as one.
      for (const signal of ['SIGINT', 'SIGTERM'] as const) program.kill(signal);
      const [, signal] = (await once(program, 'close')) as [number | null, NodeJS.Signals | null];
      expect([signal, said]).toEqual([
        null,
        expect.stringMatching(/go on: npm run simulate -- --seed 7 --from \d+\n$/),
      ]);
    },
    LIMIT_MS,
  );

  it(
    'leaves no process behind when it is killed',
    async () => {
      await once(program.stdout!, 'data');
      await once(program.stdout!, 'data');
      program.kill('SIGKILL');
      // The lanes hold its output open as long as they live.
      await once(program, 'close');
      expect(said).toMatch(/^seed 7, 1 lanes\n\d+ of 1000 schedules, .*\n$/);
    },
    LIMIT_MS,
  );
});
