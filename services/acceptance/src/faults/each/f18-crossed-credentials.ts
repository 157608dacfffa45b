import { publisherOf } from '@retaguarda/infrastructure';
import pg from 'pg';
import { departments } from '../../company/programs.js';
import { BrokerClient } from '../amqp/broker-client.js';
import { POISON_SOURCE } from '../amqp/observer.js';
import type { Fault, Scene } from '../fault.js';

/** `services/acceptance/test/privilege.int.spec.ts` tries every pair; here they are tried while orders come in. */
export const crossedCredentials: Fault = {
  id: 'F18',
  title: 'credentials crossed',
  does: "with each department's credentials somebody publishes another's event, reads another's queue and enters another's database, under load",
  heals: 'nothing is to be healed',
  turns: ['all departments'],
  red: () => 'none',
  async strike(scene) {
    for (const [at, name] of departments.entries()) {
      const other = departments[(at + 1) % departments.length]!;
      await refused(scene, `${name} publishes for ${other}`, () => publishFor(scene, name, other));
      await refused(scene, `${name} reads a queue of ${other}`, () => readFrom(scene, name, other));
      await refused(scene, `${name} enters the database of ${other}`, () => enter(scene, name, other));
    }
    return () => Promise.resolve();
  },
};

/** The broker's and the database's own words; a connection that was lost, or a password that is wrong, shows nothing. */
const REFUSALS: readonly unknown[] = [403, '42501'];

async function refused({ complain }: Scene, what: string, attempt: () => Promise<unknown>): Promise<void> {
  const answer = await attempt().then(
    () => 'allowed',
    (error: Error & { code?: unknown }) => error.code ?? error.message,
  );
  if (!REFUSALS.includes(answer)) complain(`${what}: ${String(answer)}`);
}

async function as<T>(scene: Scene, user: string, work: (client: BrokerClient) => Promise<T>): Promise<T> {
  const client = await BrokerClient.connect(scene.company.users.urlOf(user));
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}

function publishFor(scene: Scene, name: string, other: string): Promise<void> {
  const type = [...scene.topology.takers.keys()].find((key) => key.startsWith(`${other}.`))!;
  const body = Buffer.from(
    JSON.stringify({ specversion: '1.0', id: 'crossed', source: POISON_SOURCE, type, data: {} }),
  );
  return as(scene, publisherOf(name), async (client) => {
    let why: Error | undefined;
    (await client.ready()).once('error', (error: Error) => (why = error));
    await client.publish('retaguarda', type, body, {}).catch((error: Error) => Promise.reject(why ?? error));
  });
}

function readFrom(scene: Scene, name: string, other: string): Promise<unknown> {
  const queue = scene.topology.queues.find((one) => one.startsWith(`${other}.`) && !one.endsWith('.dead'))!;
  return as(scene, name, async (client) => (await client.ready()).get(queue));
}

async function enter({ company }: Scene, name: (typeof departments)[number], other: typeof name): Promise<void> {
  const url = new URL(company.databases[name]);
  url.pathname = new URL(company.databases[other]).pathname;
  const session = new pg.Client({ connectionString: url.href });
  session.on('error', () => undefined);
  await session.connect();
  await session.end();
}
