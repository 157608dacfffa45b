import {
  composeSettings,
  containerOf,
  credential,
  dockerAnswers,
  findCompose,
  publishedPort,
  runningServices,
  type Compose,
} from './docker.js';
import { elapsedSince, eventually } from './eventually.js';
import type { Home } from './home.js';
import { askBrokerVersion } from './management-api.js';
import { askDatabaseVersion } from './postgres.js';
import { systemVhost } from './rabbitmq-settings.js';
import type { Broker, Database, Report, Running } from './servers.js';

const answerBoundMs = 120_000;

export interface ComposeServers {
  compose: Compose;
  /** Services of the compose file that are not wanted from elsewhere. */
  services: ('rabbitmq' | 'postgres')[];
}

/** Starts the services that do not run yet, and remembers them: only those are stopped. */
export async function startComposeServices(
  home: Home,
  services: ComposeServers['services'],
  report: Report,
): Promise<ComposeServers> {
  const compose = await composeOf(home);
  const before = await runningServices(compose, services);
  const ours = services.filter((service) => !before.includes(service) || home.dockerServices.includes(service));
  home.recordDocker(ours);
  const begin = performance.now();
  report(`Docker: bringing up ${services.join(' and ')} (their images are fetched the first time)`);
  await compose('up', '-d', ...services);
  report(`Docker: containers up in ${elapsedSince(begin)}`);
  return { compose, services };
}

export async function stopComposeServices(home: Home, wanted: readonly string[] = home.dockerServices): Promise<void> {
  const ours = home.dockerServices.filter((service) => wanted.includes(service));
  if (ours.length === 0) return;
  const compose = await composeOf(home);
  await compose('stop', ...ours);
  home.recordDocker(home.dockerServices.filter((service) => !ours.includes(service)));
}

/** Removes the containers and volumes of this state directory. Without an engine they stay, and a line says so. */
export async function removeComposeServices(home: Home, report: Report): Promise<void> {
  if (!home.hasUsedDocker) return;
  if (await dockerAnswers()) {
    const compose = await composeOf(home);
    await compose('down', '--volumes');
    return;
  }
  const { COMPOSE_PROJECT_NAME: project } = composeSettings(home.directory, home.passwords);
  report(`Docker does not answer: the data in its volumes ${project}_* were not removed`);
}

function composeOf(home: Home): Promise<Compose> {
  return findCompose(composeSettings(home.directory, home.passwords));
}

export async function composeBroker(home: Home, compose: Compose): Promise<Running<Broker>> {
  const id = await idOf(compose, 'rabbitmq');
  const amqp = await published(compose, 'rabbitmq', 5672);
  const management = await published(compose, 'rabbitmq', 15_672);
  const user = await credential(id, 'RABBITMQ_DEFAULT_USER', 'guest');
  const password = await credential(id, 'RABBITMQ_DEFAULT_PASS', 'guest');
  const managementUrl = `http://${management.host}:${management.port}`;
  const version = await eventually(() => askBrokerVersion({ managementUrl, user, password }), answerBoundMs, 250);
  if (!version) throw new Error(`the rabbitmq container does not answer at ${managementUrl}: docker logs ${id}`);
  const credentials = `${encodeURIComponent(user)}:${encodeURIComponent(password)}`;
  const server: Broker = {
    url: `amqp://${credentials}@${amqp.host}:${amqp.port}`,
    ...{ managementUrl, user, password, vhost: systemVhost, origin: 'docker', pids: [] },
    describe: `RabbitMQ ${version} on port ${amqp.port} (Docker)`,
  };
  return { server, stop: () => stopComposeServices(home, ['rabbitmq']) };
}

export async function composeDatabase(home: Home, compose: Compose): Promise<Running<Database>> {
  const id = await idOf(compose, 'postgres');
  const { host, port } = await published(compose, 'postgres', 5432);
  const user = await credential(id, 'POSTGRES_USER', 'postgres');
  const password = await credential(id, 'POSTGRES_PASSWORD', '');
  const adminUrl = `postgres://${encodeURIComponent(user)}:${encodeURIComponent(password)}@${host}:${port}/postgres`;
  const ask = () => askDatabaseVersion(adminUrl).catch(() => undefined);
  const version = await eventually(ask, answerBoundMs, 250);
  if (!version) throw new Error(`the postgres container does not answer on ${host}:${port}: docker logs ${id}`);
  const describe = `Postgres ${version} on port ${port} (Docker)`;
  const server: Database = { adminUrl, origin: 'docker', pids: [], describe };
  return { server, stop: () => stopComposeServices(home, ['postgres']) };
}

async function idOf(compose: Compose, service: string): Promise<string> {
  const id = await containerOf(compose, service);
  if (id === undefined) throw new Error(`docker compose started no container for ${service}`);
  return id;
}

async function published(compose: Compose, service: string, port: number) {
  const found = await publishedPort(compose, service, port);
  if (!found) throw new Error(`docker-compose.yml does not publish port ${port} of ${service}`);
  return found;
}
