import { contracts } from '@retaguarda/contracts';
import { publisherOf } from '@retaguarda/infrastructure';
import type { DepartmentName } from '../../company/programs.js';
import type { Fault, Heal, Scene } from '../fault.js';

const LASTS_MS = 8_000;
/** What was sent before has reached its queues by then. */
const ON_THE_WIRE_MS = 1_000;
/** An event that one step takes: of one with two takers the broker tells only when nobody at all is bound. */
const UNROUTABLE = { type: 'sales.order-placed.v1', queue: 'stock.reserve-stock', from: 'sales' } as const;
const FULL = { queue: 'invoicing.issue-invoice', department: 'invoicing', from: 'fulfillment' } as const;
const MOST_MESSAGES = 3;

export const refusedPublishes: Fault = {
  id: 'F11',
  title: 'publishes refused',
  does: 'no queue is bound to an event; or a queue is full and refuses; or the right to publish is taken away',
  heals: 'the binding, the room, the right are back: what was kept in the outboxes is sent',
  turns: ['unroutable', 'full queue', 'no permission'],
  red: (turn) => (turn === 'unroutable' ? 'none' : undefined),
  strike(scene, turn) {
    if (turn === 'unroutable') return unbind(scene);
    return turn === 'full queue' ? fill(scene) : takeTheRight(scene);
  },
};

/** The emitter stands still while bindings change, so that it never meets half of them. */
async function unbind(scene: Scene): Promise<Heal> {
  const { observer, client, company, pause } = scene;
  const sales = company.department(UNROUTABLE.from);
  const still = async (work: () => Promise<void>) => {
    sales.signal('SIGSTOP');
    await pause(ON_THE_WIRE_MS);
    await work();
    sales.signal('SIGCONT');
  };
  const channel = await client.ready();
  const types = contracts.map(({ type }) => type);
  await still(async () => {
    await observer.hearAllBut(UNROUTABLE.type, types);
    await channel.unbindQueue(UNROUTABLE.queue, 'retaguarda', UNROUTABLE.type);
  });
  await pause(LASTS_MS);
  await expectRefused(scene, UNROUTABLE.from, 'no queue is bound to its routing key');
  return () =>
    still(async () => {
      await channel.bindQueue(UNROUTABLE.queue, 'retaguarda', UNROUTABLE.type);
      await observer.hearAll();
    });
}

/** The department that would empty the queue has left: one that stands still would be given hundreds all the same. */
async function fill(scene: Scene): Promise<Heal> {
  const { servers, company, pause } = scene;
  const policy = `policies${new URL(company.rabbitUrl).pathname}/full`;
  const definition = { 'max-length': MOST_MESSAGES, overflow: 'reject-publish' };
  const pattern = `^${FULL.queue.replace('.', '\\.')}$`;
  await company.department(FULL.department).stop();
  await servers.manage('PUT', policy, { pattern, definition, priority: 100, 'apply-to': 'queues' });
  await pause(LASTS_MS);
  await expectRefused(scene, FULL.from, 'the broker refused it');
  return async () => {
    // Publishers are let in again because the department's own policy is a limit as well: without one RabbitMQ 3.10 forgets them.
    await servers.manage('DELETE', policy);
    await scene.begin(FULL.department, {}, []);
  };
}

/** Connections are closed as well, because the broker remembers for a while what a channel may do. */
async function takeTheRight(scene: Scene): Promise<Heal> {
  const { servers, company, pause } = scene;
  const user = publisherOf('stock');
  const permission = `permissions${new URL(company.rabbitUrl).pathname}/${encodeURIComponent(user)}`;
  const before = (await servers.manage('GET', permission)) as object;
  await servers.manage('PUT', permission, { configure: '^$', write: '^$', read: '^$' });
  await servers.closeConnectionsOf(user);
  await pause(LASTS_MS);
  await expectRefused(scene, 'stock', 'Channel closed by server: 403 (ACCESS-REFUSED)');
  return async () => void (await servers.manage('PUT', permission, before));
}

/** A row on its way has no error, and one that only lost its connection is sent after two seconds. */
async function expectRefused(
  { company, note, complain }: Scene,
  department: DepartmentName,
  why: string,
): Promise<void> {
  const found = await company.sql<{ why: string; n: number }>(
    department,
    `select last_error as why, count(*)::int as n from outbox
      where last_error is not null and created_at < now() - interval '4 seconds' group by 1`,
  );
  note(
    `kept in the outbox of ${department}: ${found.map((one) => `${one.n} because ${one.why}`).join(', ') || 'none'}`,
  );
  if (!found.some((one) => one.why.startsWith(why))) complain(`nothing was kept in the outbox because ${why}`);
}
