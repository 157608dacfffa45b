import {
  dropDatabase,
  dropReader,
  dropVhost,
  ensureDatabase,
  ensureReader,
  ensureUsers,
  ensureVhost,
  type Broker,
  type BrokerUsers,
  type Database,
} from '@retaguarda/infrastructure';
import { brokerVariable, databaseVariable } from './variables.js';

/** The servers that the global set-up found or started. Only for specs named `*.int.spec.ts`. */
export function testServers(): { broker: Broker; database: Database } {
  const [broker, database] = [process.env[brokerVariable], process.env[databaseVariable]];
  if (!broker || !database) throw new Error('no servers were started: is this spec named *.int.spec.ts?');
  return { broker: JSON.parse(broker) as Broker, database: JSON.parse(database) as Database };
}

/** The AMQP URL of a virtual host of this spec alone, with exchanges and policies. Dropped after the file's last test. */
export async function freshVhost(): Promise<string> {
  const { broker } = testServers();
  const vhost = uniqueName('spec');
  await dropVhost(broker, vhost);
  cleanUps.push(() => dropVhost(broker, vhost));
  return ensureVhost(broker, vhost);
}

/** The users of departments and storefronts, as the launcher makes them, in a virtual host of `freshVhost`. */
export function brokerUsers(rabbitUrl: string): Promise<BrokerUsers> {
  return ensureUsers(testServers().broker, decodeURIComponent(new URL(rabbitUrl).pathname.slice(1)));
}

/** The URL of a database of this spec alone, connecting as the role that owns it. Dropped after the file's last test. */
export async function freshDatabase(name: string): Promise<string> {
  const { database } = testServers();
  const unique = uniqueName(name);
  await dropDatabase(database, unique);
  cleanUps.push(() => dropDatabase(database, unique));
  return ensureDatabase(database, unique);
}

/**
 * A role of this spec alone that reads the databases of these URLs (`freshDatabase`) and changes nothing: its URLs, in
 * the same order.
 */
export async function freshReader(urls: readonly string[]): Promise<string[]> {
  const { database } = testServers();
  const reader = uniqueName('reader');
  // A role goes after the databases in which it has rights: clean-ups run backwards.
  cleanUps.unshift(() => dropReader(database, reader));
  return ensureReader(
    database,
    reader,
    urls.map((url) => decodeURIComponent(new URL(url).pathname.slice(1))),
  );
}

const cleanUps: (() => Promise<void>)[] = [];
let names = 0;

function uniqueName(name: string): string {
  names += 1;
  return `${name}_${process.pid}_${process.env.JEST_WORKER_ID ?? 0}_${names}`;
}

/** Registered when the spec file is loaded: inside a test or a hook Jest accepts no further hook. */
if (typeof afterAll === 'function') {
  afterAll(async () => {
    for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
  });
}
