import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { accountFor } from './accounts.js';
import { dockerAnswers } from './docker.js';
import {
  composeBroker,
  composeDatabase,
  removeComposeServices,
  startComposeServices,
  stopComposeServices,
} from './docker-servers.js';
import { brokerFromEnvironment, databaseFromEnvironment } from './environment.js';
import { Home, plainCause, prepareDirectory } from './home.js';
import { InfrastructureMissing } from './infrastructure-missing.js';
import { checkStartable, startBroker, startDatabase, type Needs } from './local-servers.js';
import { takeLock } from './lock.js';
import { databaseAccounts, stopDatabase } from './postgres.js';
import { brokerAccounts, stopBroker } from './rabbitmq.js';
import type { Broker, Database, Place, Report, Running } from './servers.js';

export interface InfrastructureOptions {
  /** Where private servers keep their data, passwords and ports: `.retaguarda` for the launcher. */
  stateDir: string;
  /** `true`: Docker or an error. `auto` (the default): Docker when it answers. `false`: never. */
  docker?: boolean | 'auto';
  report: Report;
  /** `false`: the data of private servers are removed when they stop. Default `true`. */
  durable?: boolean;
}

export interface Servers {
  broker: Broker;
  database: Database;
}

export interface Infrastructure extends Servers {
  /** Ends exactly what was started or taken over, and nothing else. May be called twice. */
  stop(): Promise<void>;
  /**
   * Starts private servers that have died since, with the same ports, passwords and data; those that run are left alone.
   * For tests that kill servers. Returns what runs now: servers that somebody else runs, as they were.
   */
  revive(): Promise<Servers>;
}

/**
 * Finds RabbitMQ and Postgres, each in this order: its URL in the environment; the compose file's service when a Docker
 * engine answers; a private instance of a program that is installed; npm's embedded Postgres, or Debian's package of
 * RabbitMQ. Both start at the same time. Throws InfrastructureMissing when nothing of that is to be had, and
 * StateDirectoryInUse while another process holds `stateDir`.
 */
export async function findInfrastructure(options: InfrastructureOptions): Promise<Infrastructure> {
  const { report } = options;
  const accounts = [accountFor(brokerAccounts), accountFor(databaseAccounts)];
  const directory = prepareDirectory(options.stateDir, accounts, report);
  const unlock = attempt(directory, () => takeLock(directory));
  try {
    const home = attempt(directory, () => Home.open(directory));
    const place = { home, isDurable: options.durable ?? true, report };
    const { broker, database } = await findBoth(place, options.docker ?? 'auto');
    return {
      broker: broker.server,
      database: database.server,
      stop: once(() => stopBoth([broker, database], unlock)),
      revive: () => revive(place, { broker: broker.server, database: database.server }),
    };
  } catch (error) {
    unlock();
    throw error;
  }
}

/** Stops what an earlier start left running under `stateDir` and removes its data: `npm run reset`. */
export async function removeInfrastructure({ stateDir, report }: { stateDir: string; report: Report }): Promise<void> {
  const accounts = [accountFor(brokerAccounts), accountFor(databaseAccounts)];
  const directory = prepareDirectory(stateDir, accounts, report);
  const unlock = takeLock(directory);
  try {
    const home = Home.open(directory);
    await Promise.all([
      stopBroker({ home, isDurable: false }),
      stopDatabase({ home }),
      removeComposeServices(home, report),
    ]);
    // Entry by entry: another state directory, such as that of the tests, may lie inside this one.
    for (const entry of ['rabbitmq', 'postgres', 'postgres-programs', 'infrastructure.json']) {
      rmSync(join(directory, entry), { recursive: true, force: true });
    }
  } finally {
    unlock();
  }
}

type Found = { broker: Running<Broker>; database: Running<Database> };

async function findBoth(place: Place, docker: boolean | 'auto'): Promise<Found> {
  const [givenBroker, givenDatabase] = await Promise.all([brokerFromEnvironment(), databaseFromEnvironment()]);
  for (const given of [givenBroker, givenDatabase]) if (given) place.report(given.describe);
  const composed = await fromDocker(place, docker, { broker: !givenBroker, database: !givenDatabase });
  checkStartable(place, {
    broker: !givenBroker && !composed?.broker,
    database: !givenDatabase && !composed?.database,
  });
  const broker = () => given(givenBroker) ?? composed?.broker ?? startBroker(place);
  const database = () => given(givenDatabase) ?? composed?.database ?? startDatabase(place);
  return bothOrNone(broker(), database());
}

function given<Server>(server: Server | undefined): Running<Server> | undefined {
  return server && { server, stop: () => Promise.resolve() };
}

/** One that came up is not left running when the other failed. */
async function bothOrNone(
  broker: Running<Broker> | Promise<Running<Broker>>,
  database: Running<Database> | Promise<Running<Database>>,
): Promise<Found> {
  const [one, other] = await Promise.allSettled([broker, database]);
  if (one.status === 'fulfilled' && other.status === 'fulfilled') return { broker: one.value, database: other.value };
  for (const each of [one, other]) if (each.status === 'fulfilled') await each.value.stop();
  const failures = [one, other].flatMap((each) => (each.status === 'rejected' ? [each.reason as Error] : []));
  const [first] = failures;
  throw failures.length === 1
    ? first
    : new AggregateError(failures, failures.map(({ message }) => message).join('\n\n'));
}

async function fromDocker(place: Place, docker: boolean | 'auto', needs: Needs): Promise<Partial<Found> | undefined> {
  const { home, report } = place;
  const services = [...(needs.broker ? ['rabbitmq' as const] : []), ...(needs.database ? ['postgres' as const] : [])];
  if (docker === false || services.length === 0) return undefined;
  if (!(await dockerAnswers())) {
    if (docker === true)
      throw new InfrastructureMissing('Docker', ['no Docker engine answered `docker info` within 2 s']);
    return undefined;
  }
  try {
    const { compose } = await startComposeServices(home, services, report);
    const [broker, database] = await Promise.all([
      needs.broker ? composeBroker(home, compose) : undefined,
      needs.database ? composeDatabase(home, compose) : undefined,
    ]);
    for (const found of [broker, database]) if (found) report(found.server.describe);
    return { ...(broker && { broker }), ...(database && { database }) };
  } catch (error) {
    await stopComposeServices(home).catch(() => undefined);
    if (docker === true) throw error;
    report(`Docker cannot be used (${plainCause(error)}): looking for servers on this machine`);
    return undefined;
  }
}

async function stopBoth(servers: Running<unknown>[], unlock: () => void): Promise<void> {
  const outcomes = await Promise.allSettled(servers.map((each) => each.stop()));
  unlock();
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}

/** The data must be kept, also where they are removed at the end. */
async function revive(place: Place, { broker, database }: Servers): Promise<Servers> {
  const kept = { ...place, isDurable: true };
  const isOurs = ({ origin }: Broker | Database) => origin === 'private' || origin === 'embedded';
  const [oneBroker, oneDatabase] = await Promise.all([
    isOurs(broker) ? startBroker(kept) : { server: broker },
    isOurs(database) ? startDatabase(kept) : { server: database },
  ]);
  return { broker: oneBroker.server, database: oneDatabase.server };
}

function once(action: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => (done ??= action());
}

function attempt<T>(directory: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error;
    throw new Error(`cannot use ${directory}: ${plainCause(error)}`, { cause: error });
  }
}
