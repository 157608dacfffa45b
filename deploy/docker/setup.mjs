/**
 * Makes the virtual host with its exchanges, policies, queues and users, and for each department named as an argument a
 * role and a database. Writes the addresses of each to `/run/retaguarda/<department>/department.env`, which only that
 * department mounts; those that the control room reads by, of a role that may only read, to
 * `/run/retaguarda/control-room/department.env`. Runs before the services start, and may be repeated.
 */
import { mkdir, rename, writeFile } from 'node:fs/promises';
import {
  ensureDatabase,
  ensureQueues,
  ensureReader,
  ensureUsers,
  ensureVhost,
  monitorUser,
  publisherOf,
} from '@retaguarda/infrastructure';
import { broker, database } from './servers.mjs';

process.on('SIGTERM', () => process.exit(143));
const queues = await ensureQueues(await ensureVhost(broker, broker.vhost));
const { urlOf } = await ensureUsers(broker, broker.vhost);
process.stdout.write(`${queues} queues are there\n`);

const departments = process.argv.slice(2);
const databaseOf = (department) => `retaguarda_${department}`;

for (const department of departments) {
  await giveOut(department, {
    DATABASE_URL: await ensureDatabase(database, databaseOf(department)),
    RABBITMQ_URL: urlOf(department),
    RABBITMQ_PUBLISH_URL: urlOf(publisherOf(department)),
  });
  process.stdout.write(`${department}: database, role, users and addresses are there\n`);
}

const readers = await ensureReader(database, 'retaguarda_audit', departments.map(databaseOf));
await giveOut('control-room', {
  ...Object.fromEntries(departments.map((name, index) => [`AUDIT_${name.toUpperCase()}_URL`, readers[index]])),
  AUDIT_BROKER_URL: urlOf(monitorUser),
  AUDIT_MANAGEMENT_URL: broker.managementUrl,
});
process.stdout.write('control-room: a role that reads every database, and addresses are there\n');

async function giveOut(service, settings) {
  const directory = `/run/retaguarda/${service}`;
  await mkdir(directory, { recursive: true });
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`);
  await writeFile(`${directory}/new`, lines.join(''));
  await rename(`${directory}/new`, `${directory}/department.env`);
}
