import type pg from 'pg';
import type { DataSourceOptions, EntitySchema, MigrationInterface } from 'typeorm';
import { DataSource, MigrationExecutor } from 'typeorm';
import { KeepingClient } from './keeping-client.js';
import { SteadyClient } from './steady-client.js';
import { Tx } from './tx.js';
import { whileConnected } from './while-connected.js';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the constructors of entities differ
type Class<T = unknown> = new (...args: any[]) => T;

export interface DatabaseSettings {
  /** `postgres://role:password@host:port/database` */
  readonly url: string;
  readonly entities: (Class | EntitySchema)[];
  readonly migrations: Class<MigrationInterface>[];
  /** Shown in `pg_stat_activity`. */
  readonly applicationName: string;
  /** Connections kept at most; 10 unless told. */
  readonly poolSize?: number;
}

/** The time, injectable: tests and the simulation bring their own. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };

/**
 * Whoever holds a lock for longer has stopped in the middle of its work, for as long as its transaction may idle. Below
 * the time that others wait for a connection of the pool, or those that wait for the lock would keep everybody out.
 */
const LOCK_LIMIT_MS = 2_000;
/** No statement of a handler takes a minute. */
const STATEMENT_LIMIT_MS = 60_000;
/** Longer than the server's own limit: whoever has no answer by then has lost the server without being told. */
const ANSWER_LIMIT_MS = 70_000;

/** Whatever a connection has kept is forgotten then: types of parameters, of tables that a migration changed since. */
const LIFETIME_SECONDS = 600;

/** A data source that never changes the schema by itself: migrations only. */
export function dataSourceOf(settings: DatabaseSettings): DataSource {
  return new DataSource({
    type: 'postgres',
    url: settings.url,
    entities: settings.entities,
    migrations: settings.migrations,
    migrationsTransactionMode: 'each',
    applicationName: settings.applicationName,
    poolSize: settings.poolSize ?? 10,
    connectTimeoutMS: 5_000,
    // A connection that dies while idle must not end the process; the next query takes a new one.
    poolErrorHandler: () => undefined,
    extra: {
      Client: KeepingClient,
      // Statements stay parsed, their plans do not: one that was made while a table was small would go on for ever.
      options: '-c plan_cache_mode=force_custom_plan',
      idleTimeoutMillis: 30_000,
      maxLifetimeSeconds: LIFETIME_SECONDS,
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
      lock_timeout: LOCK_LIMIT_MS,
      statement_timeout: STATEMENT_LIMIT_MS,
      idle_in_transaction_session_timeout: STATEMENT_LIMIT_MS,
      query_timeout: ANSWER_LIMIT_MS,
    },
    synchronize: false,
    logging: false,
  });
}

/** An arbitrary number that all instances of all services agree on; each service has a database of its own. */
const MIGRATION_LOCK = 7_305_112;
const NO_LIMITS = { Client: SteadyClient, keepAlive: true, keepAliveInitialDelayMillis: 10_000 };

/**
 * Runs the migrations that are missing. Instances that start at the same time wait for one another on an advisory
 * lock. They have a connection of their own without the limits of the pool. Returns the names of the migrations that were run.
 */
export async function migrate(source: DataSource): Promise<string[]> {
  const unlimited = new DataSource({ ...source.options, poolSize: 1, extra: NO_LIMITS } as DataSourceOptions);
  await unlimited.initialize();
  const runner = unlimited.createQueryRunner();
  try {
    await runner.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const executor = new MigrationExecutor(unlimited, runner);
    executor.transaction = 'each';
    return (await executor.executePendingMigrations()).map(({ name }) => name);
  } finally {
    // Ends the session, and with it the lock.
    await runner.release();
    await unlimited.destroy();
  }
}

/**
 * The statements that would bring the schema to what the entities say; empty when migrations and entities agree.
 * Tables without an entity (messaging's own, written as SQL) are left out of the comparison.
 */
export async function drift(source: DataSource): Promise<string[]> {
  const { upQueries } = await source.driver.createSchemaBuilder().log();
  return upQueries.map(({ query }) => query);
}

/**
 * Runs `work` in one transaction, on the time of `clock`. Rejects when the connection is lost, whatever `work` waits for:
 * also when `work` asks the database nothing for a minute.
 */
export function inTransaction<T>(source: DataSource, clock: Clock, work: (tx: Tx) => Promise<T>): Promise<T> {
  return source.transaction(async (manager) => {
    const connection = (await manager.queryRunner!.connect()) as pg.Client;
    return whileConnected(connection, () => work(new Tx(manager, clock.now())));
  });
}
