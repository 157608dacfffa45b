/**
 * Makes the virtual host with its exchanges and policies, and for each department named as an argument a role and a
 * database. Writes the addresses of each to `/run/retaguarda/<department>/department.env`, which only that department
 * mounts. Runs before the departments start, and may be repeated.
 */
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { ensureDatabase, ensureQueues, ensureVhost } from '@retaguarda/infrastructure';

const { BROKER_PASSWORD, DATABASE_PASSWORD } = process.env;
if (!BROKER_PASSWORD || !DATABASE_PASSWORD) throw new Error('BROKER_PASSWORD and DATABASE_PASSWORD must be set');

const broker = {
  url: `amqp://retaguarda:${encodeURIComponent(BROKER_PASSWORD)}@rabbitmq:5672`,
  managementUrl: 'http://rabbitmq:15672',
  user: 'retaguarda',
  password: BROKER_PASSWORD,
  vhost: 'retaguarda',
  origin: 'docker',
  pids: [],
  describe: 'RabbitMQ of docker-compose.yml',
};
const database = {
  adminUrl: `postgres://postgres:${encodeURIComponent(DATABASE_PASSWORD)}@postgres:5432/postgres`,
  origin: 'docker',
  pids: [],
  describe: 'Postgres of docker-compose.yml',
};

process.on('SIGTERM', () => process.exit(143));
const brokerUrl = await ensureVhost(broker, broker.vhost);
const queues = await ensureQueues(brokerUrl);
process.stdout.write(`${queues} queues are there\n`);
for (const department of process.argv.slice(2)) {
  const databaseUrl = await ensureDatabase(database, `retaguarda_${department}`);
  const directory = `/run/retaguarda/${department}`;
  await mkdir(directory, { recursive: true });
  await writeFile(`${directory}/new`, `DATABASE_URL=${databaseUrl}\nRABBITMQ_URL=${brokerUrl}\n`);
  await rename(`${directory}/new`, `${directory}/department.env`);
  process.stdout.write(`${department}: database, role and addresses are there\n`);
}
