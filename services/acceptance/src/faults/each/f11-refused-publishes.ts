import { contracts } from '@retaguarda/contracts';
import { publisherOf } from '@retaguarda/infrastructure';
import type { Fault, Heal, Scene } from '../fault.js';

const LASTS_MS = 8_000;
/** What was sent before has reached its queues by then. */
const ON_THE_WIRE_MS = 1_000;
/** An event that one step takes: of one with two takers the broker tells only when nobody at all is bound. */
const UNROUTABLE = { type: 'sales.order-placed.v1', queue: 'stock.reserve-stock', from: 'sales' } as const;
const FULL = { queue: 'invoicing.issue-invoice', department: 'invoicing' } as const;
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
  const { observer, client, company, pause, note } = scene;
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
  const [unsent] = await company.sql<{ n: number }>('sales', 'select count(*)::int as n from outbox');
  note(`${unsent!.n} outbox rows wait in sales`);
  return () =>
    still(async () => {
      await channel.bindQueue(UNROUTABLE.queue, 'retaguarda', UNROUTABLE.type);
      await observer.hearAll();
    });
}

/** The department that would empty the queue is stopped meanwhile. */
async function fill({ servers, company, pause, note, complain }: Scene): Promise<Heal> {
  const policy = `policies${new URL(company.rabbitUrl).pathname}/full`;
  const definition = { 'max-length': MOST_MESSAGES, overflow: 'reject-publish' };
  const pattern = `^${FULL.queue.replace('.', '\\.')}$`;
  company.department(FULL.department).signal('SIGSTOP');
  await servers.manage('PUT', policy, { pattern, definition, priority: 100, 'apply-to': 'queues' });
  await pause(LASTS_MS);
  const [unsent] = await company.sql<{ n: number }>('fulfillment', 'select count(*)::int as n from outbox');
  note(`${unsent!.n} outbox rows wait in fulfillment`);
  if (unsent!.n === 0) complain('a full queue refused nothing');
  return async () => {
    await servers.manage('DELETE', policy);
    company.department(FULL.department).signal('SIGCONT');
  };
}

/** Connections are closed as well, because the broker remembers for a while what a channel may do. */
async function takeTheRight({ servers, company, pause, note }: Scene): Promise<Heal> {
  const user = publisherOf('stock');
  const permission = `permissions${new URL(company.rabbitUrl).pathname}/${encodeURIComponent(user)}`;
  const before = (await servers.manage('GET', permission)) as object;
  await servers.manage('PUT', permission, { configure: '^$', write: '^$', read: '^$' });
  const connections = (await servers.manage('GET', 'connections')) as { name: string; user: string }[];
  for (const { name } of connections.filter((one) => one.user === user))
    await servers.manage('DELETE', `connections/${encodeURIComponent(name)}`);
  await pause(LASTS_MS);
  const [unsent] = await company.sql<{ n: number }>('stock', 'select count(*)::int as n from outbox');
  note(`${unsent!.n} outbox rows wait in stock`);
  return async () => void (await servers.manage('PUT', permission, before));
}
