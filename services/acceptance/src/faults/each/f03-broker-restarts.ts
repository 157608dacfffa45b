import { publisherOf } from '@retaguarda/infrastructure';
import { departments } from '../../company/programs.js';
import type { Fault, Scene } from '../fault.js';
import { hasSettled } from './stillness.js';

const RESTARTS = 20;
const CUTS = 6;
const DELETED = 'invoicing.issue-invoice';
const CONSUMED_WITHIN_MS = 30_000;

export const brokerRestarts: Fault = {
  id: 'F3',
  title: 'broker restarted, connections closed, a queue deleted',
  does: `the broker stops and starts ${RESTARTS} times; or all connections are closed by force ${CUTS} times; or a consumed queue is deleted while it is empty`,
  heals: 'the broker is there again; the department declares its queue by itself',
  turns: ['stop and start', 'connections closed', 'queue deleted'],
  red: (turn) => (turn === 'stop and start' ? 'all' : turn === 'queue deleted' ? 'invoicing' : undefined),
  async strike(scene, turn) {
    if (turn === 'stop and start') await restart(scene);
    else if (turn === 'connections closed') await closeConnections(scene);
    else await deleteQueue(scene);
    return () => Promise.resolve();
  },
};

async function restart({ servers, pause, chance }: Scene): Promise<void> {
  for (let time = 0; time < RESTARTS; time += 1) {
    await servers.rabbitmqctl('stop_app');
    await pause(chance.whole(200, 3_000));
    await servers.rabbitmqctl('start_app');
    await pause(chance.whole(200, 2_000));
  }
}

async function closeConnections({ servers, pause, chance, note, complain }: Scene): Promise<void> {
  const users = departments.flatMap((name) => [name, publisherOf(name)]);
  let closed = 0;
  for (let time = 0; time < CUTS; time += 1) {
    for (const user of users) closed += await servers.closeConnectionsOf(user);
    await servers.closeConnectionsOf(servers.broker.user);
    await pause(chance.whole(300, 2_500));
  }
  note(`${closed} connections of departments closed in ${CUTS} times`);
  if (closed === 0) complain('no connection was closed');
}

/** What is in a deleted queue is gone for good, and what is published before it is declared anew as well. */
async function deleteQueue(scene: Scene): Promise<void> {
  const { storefront, servers, company, client } = scene;
  await storefront.hold();
  await hasSettled(scene);
  await servers.manage('DELETE', `queues${new URL(company.rabbitUrl).pathname}/${DELETED}`);
  const begin = Date.now();
  const isConsumed = async () => ((await client.depths([DELETED])).get(DELETED)?.consumers ?? 0) > 0;
  while (!(await isConsumed())) {
    if (Date.now() - begin > CONSUMED_WITHIN_MS * scene.patience)
      return scene.complain(`${DELETED} was not declared again in time`);
    await scene.pause(100);
  }
  scene.note(`${DELETED} was consumed again after ${((Date.now() - begin) / 1_000).toFixed(1)} s`);
  storefront.resume();
}
