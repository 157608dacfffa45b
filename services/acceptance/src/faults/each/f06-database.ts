import pg from 'pg';
import type { DepartmentName } from '../../company/programs.js';
import { departments } from '../../company/programs.js';
import type { Fault, Heal, Scene } from '../fault.js';

const KILLS = 8;
const AWAY_MS = 4_000;
/** Longer than a lock is waited for (2 s) and than a statement may take (60 s), so that attempts fail. */
const LOCKED_MS = 62_000;
const SERIALIZABLE_MS = 8_000;
/** Until Postgres has counted what the killed backends left. */
const SETTLED_MS = 2_000;

/** A table of each department without which its work stands still. */
const tables: Record<DepartmentName, string> = {
  sales: 'orders',
  stock: 'levels',
  fulfillment: 'pick_lists',
  invoicing: 'series',
  billing: 'receivables',
};

export const database: Fault = {
  id: 'F6',
  title: 'Postgres',
  does: 'backends are killed; the server is shut down at once and recovers; a table of each department is locked; every transaction is serializable and fails for it',
  heals: 'the server is started, the locks and settings are taken back',
  turns: ['backends killed', 'immediate shutdown', 'tables locked', 'serializable'],
  red: (turn) => (turn === 'immediate shutdown' ? 'all' : undefined),
  strike(scene, turn) {
    if (turn === 'backends killed') return killBackends(scene);
    if (turn === 'immediate shutdown') return shutDown(scene);
    return turn === 'tables locked' ? lockTables(scene) : serialize(scene);
  },
};

const nameOf = (url: string) => decodeURIComponent(new URL(url).pathname.slice(1));

const quoted = ({ company }: Scene) => departments.map((name) => `'${nameOf(company.databases[name])}'`).join(', ');

const terminate = (scene: Scene) =>
  scene.servers.administrate(
    `select pg_terminate_backend(pid) from pg_stat_activity where datname in (${quoted(scene)})`,
  );

async function rolledBack(scene: Scene): Promise<number> {
  const [row] = await scene.servers.administrate<{ n: number }>(
    `select sum(xact_rollback)::int as n from pg_stat_database where datname in (${quoted(scene)})`,
  );
  return row!.n;
}

async function killBackends(scene: Scene): Promise<Heal> {
  let killed = 0;
  for (let kill = 0; kill < KILLS; kill += 1) {
    killed += (await terminate(scene)).length;
    await scene.pause(scene.chance.whole(100, 1_000));
  }
  scene.note(`${killed} backends killed in ${KILLS} times`);
  if (killed === 0) scene.complain('no backend was killed');
  return () => Promise.resolve();
}

async function shutDown({ servers, pause }: Scene): Promise<Heal> {
  servers.shutDownDatabase();
  await pause(AWAY_MS);
  return () => servers.revive();
}

async function lockTables(scene: Scene): Promise<Heal> {
  const { company, pause } = scene;
  const sessions = departments.map((name) => new pg.Client({ connectionString: company.databases[name] }));
  await Promise.all(sessions.map((session) => session.connect()));
  await Promise.all(
    departments.map(async (name, at) => {
      await sessions[at]!.query('begin');
      await sessions[at]!.query(`lock table ${tables[name]} in access exclusive mode`);
    }),
  );
  const before = await rolledBack(scene);
  await pause(LOCKED_MS);
  await expectFailed(scene, before);
  return async () => void (await Promise.all(sessions.map((session) => session.end())));
}

async function serialize(scene: Scene): Promise<Heal> {
  const set = async (clause: string) => {
    for (const name of departments)
      await scene.servers.administrate(`alter database "${nameOf(scene.company.databases[name])}" ${clause}`);
    await terminate(scene);
  };
  await set('set default_transaction_isolation = serializable');
  await scene.pause(SETTLED_MS * scene.patience);
  const before = await rolledBack(scene);
  await scene.pause(SERIALIZABLE_MS);
  await expectFailed(scene, before);
  return () => set('reset default_transaction_isolation');
}

async function expectFailed(scene: Scene, before: number): Promise<void> {
  const failed = (await rolledBack(scene)) - before;
  scene.note(`${failed} transactions were rolled back`);
  if (failed === 0) scene.complain('no transaction failed for it');
}
