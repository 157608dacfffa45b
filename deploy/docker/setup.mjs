/**
 * Makes the virtual host with its exchanges, policies, queues and users, and for each department named as an argument a
 * role and a database. Writes the addresses of each to `/run/retaguarda/<department>/department.env`, which only that
 * department mounts. Runs before the departments start, and may be repeated.
 */
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { ensureDatabase, ensureQueues, ensureUsers, ensureVhost, publisherOf } from '@retaguarda/infrastructure';
import { broker, database } from './servers.mjs';

process.on('SIGTERM', () => process.exit(143));
const queues = await ensureQueues(await ensureVhost(broker, broker.vhost));
const { urlOf } = await ensureUsers(broker, broker.vhost);
process.stdout.write(`${queues} queues are there\n`);
for (const department of process.argv.slice(2)) {
  const databaseUrl = await ensureDatabase(database, `retaguarda_${department}`);
  const directory = `/run/retaguarda/${department}`;
  await mkdir(directory, { recursive: true });
  const settings = {
    DATABASE_URL: databaseUrl,
    RABBITMQ_URL: urlOf(department),
    RABBITMQ_PUBLISH_URL: urlOf(publisherOf(department)),
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`);
  await writeFile(`${directory}/new`, lines.join(''));
  await rename(`${directory}/new`, `${directory}/department.env`);
  process.stdout.write(`${department}: database, role, users and addresses are there\n`);
}
