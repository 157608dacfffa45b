import { DataSource } from 'typeorm';
import { eventually, freshDatabase, freshVhost, openOnline, type OnlineDepartment } from '../src/index.js';
import { bakery } from './bakery.js';
import { parkAll, parkedOrders } from './parked-orders.js';

const WHO = { by: 'ana', why: 'the oven is warm again' };
const COUNT = 200;

interface Run {
  readonly id: string;
  readonly state: string;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly progress: { readonly redriven: number; readonly handled: number };
}

describe('a re-drive in a department at work', () => {
  let urls: { databaseUrl: string; rabbitUrl: string };
  let outside: DataSource;
  let running: OnlineDepartment[] = [];

  const start = async () => {
    const department = await openOnline(bakery, urls);
    running.push(department);
    return department;
  };
  const stopAll = async () => {
    await Promise.all(running.map((department) => department.stop()));
    running = [];
  };
  beforeAll(async () => {
    urls = { databaseUrl: await freshDatabase('bakery'), rabbitUrl: await freshVhost() };
    outside = await new DataSource({ type: 'postgres', url: urls.databaseUrl }).initialize();
  });
  afterAll(() => outside.destroy());
  afterEach(stopAll);
  beforeEach(async () => {
    await start();
    await outside.query('truncate baked, taken, board, inbox, outbox, deferred, suspects, parked, redrives');
  });

  const redrive = async (department: OnlineDepartment, ratePerSecond: number): Promise<Run> => {
    const answer = await fetch(`${department.url}/ops/redrives`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...WHO, filter: {}, ratePerSecond, canary: 3 }),
    });
    expect(answer.status).toBe(202);
    return (await answer.json()) as Run;
  };
  const look = async (department: OnlineDepartment, { id }: Run): Promise<Run> =>
    (await (await fetch(`${department.url}/ops/redrives/${id}`)).json()) as Run;
  const finished = (department: OnlineDepartment, run: Run) =>
    eventually(
      () => look(department, run),
      ({ state, progress }) => state === 'finished' && progress.handled === COUNT,
    );
  const onceEach = async () => {
    const rows: unknown[] = await outside.query('select count(*)::int as n from baked');
    expect(rows).toEqual([{ n: COUNT }]);
    const inbox: unknown[] = await outside.query('select count(*)::int as n from inbox');
    expect(inbox).toEqual([{ n: COUNT }]);
  };

  it('keeps to its rate, however many instances there are', async () => {
    const other = await start();
    await parkAll(outside, parkedOrders(COUNT));
    const run = await finished(other, await redrive(running[0]!, 100));
    // The canaries go first and count for themselves.
    const leastMs = ((COUNT - 3 - 10) / 100) * 1_000;
    expect(Date.parse(run.endedAt) - Date.parse(run.startedAt)).toBeGreaterThanOrEqual(leastMs);
    await onceEach();
  });

  it('goes on where it was after the department was stopped in the middle of it', async () => {
    const last = (await parkAll(outside, parkedOrders(COUNT))).at(-1);
    const run = await redrive(running[0]!, 100);
    // However long the stop takes, this one is passed over until then.
    const holder = outside.createQueryRunner();
    await holder.startTransaction();
    await holder.query('select from parked where id = $1 for update', [last]);
    try {
      await eventually(
        () => look(running[0]!, run),
        ({ progress }) => progress.redriven > 20,
      );
      await stopAll();
    } finally {
      await holder.rollbackTransaction();
      await holder.release();
    }
    const [{ left }] = (await outside.query(`select count(*)::int as left from parked where state = 'parked'`)) as [
      { left: number },
    ];
    expect(left).toBeGreaterThan(0);
    await finished(await start(), run);
    await onceEach();
  });
});
