import type { Broker, Database, Infrastructure } from '@retaguarda/infrastructure';
import { GenericContainer, Wait, type StartedTestContainer } from 'testcontainers';

const password = 'test';

/** Testcontainers instead of servers on this machine (RETAGUARDA_TEST_DOCKER=1). */
export async function startContainers(): Promise<Infrastructure> {
  const [rabbit, postgres] = await Promise.all([startRabbit(), startPostgres()]);
  const stop = async () => void (await Promise.all([rabbit.stop(), postgres.stop()]));
  const servers = { broker: brokerIn(rabbit), database: databaseIn(postgres) };
  return { ...servers, stop, revive: () => Promise.resolve(servers) };
}

function startRabbit(): Promise<StartedTestContainer> {
  return new GenericContainer('rabbitmq:4-management')
    .withEnvironment({ RABBITMQ_DEFAULT_USER: 'retaguarda', RABBITMQ_DEFAULT_PASS: password })
    .withExposedPorts(5672, 15_672)
    .withWaitStrategy(
      Wait.forAll([Wait.forListeningPorts(), Wait.forLogMessage(/Server startup complete|completed with/)]),
    )
    .withStartupTimeout(180_000)
    .start();
}

function startPostgres(): Promise<StartedTestContainer> {
  return new GenericContainer('postgres:16-alpine')
    .withEnvironment({ POSTGRES_PASSWORD: password })
    .withExposedPorts(5432)
    .withCommand(['postgres', '-c', 'max_connections=200'])
    .withWaitStrategy(Wait.forLogMessage(/database system is ready to accept connections/, 2))
    .withStartupTimeout(180_000)
    .start();
}

function brokerIn(container: StartedTestContainer): Broker {
  const [host, port] = [container.getHost(), container.getMappedPort(5672)];
  return {
    url: `amqp://retaguarda:${password}@${host}:${port}`,
    managementUrl: `http://${host}:${container.getMappedPort(15_672)}`,
    ...{ user: 'retaguarda', password, vhost: 'retaguarda', origin: 'docker', pids: [] },
    describe: `RabbitMQ on port ${port} (Testcontainers)`,
  };
}

function databaseIn(container: StartedTestContainer): Database {
  const [host, port] = [container.getHost(), container.getMappedPort(5432)];
  const adminUrl = `postgres://postgres:${password}@${host}:${port}/postgres`;
  return { adminUrl, origin: 'docker', pids: [], describe: `Postgres on port ${port} (Testcontainers)` };
}
