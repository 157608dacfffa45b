import { dataSourceOf, migrate } from '@retaguarda/database';
import type { DepartmentDefinition } from '@retaguarda/department';
import { messagingMigrations } from '@retaguarda/messaging';
import pg from 'pg';
import { DataSource, type DataSourceOptions } from 'typeorm';

/**
 * Makes the database's own clock the simulated one: `now()` and `clock_timestamp()` are found in a schema that comes
 * before Postgres' own. A sequence holds the time, because it changes in place. The journal keeps what was committed to
 * the outbox: it is written by the same transactions and by none that is rolled back.
 */
const PREPARE = `
  drop schema if exists public, simulated cascade;
  create schema public;
  create schema simulated;
  create sequence simulated.clock;
  create function simulated.clock_timestamp() returns timestamptz language sql volatile
    as 'select pg_catalog.to_timestamp(last_value / 1000.0) from simulated.clock';
  create function simulated.now() returns timestamptz language sql volatile
    as 'select pg_catalog.to_timestamp(last_value / 1000.0) from simulated.clock';
  create table simulated.journal (n bigint generated always as identity primary key, envelopes json not null);
  create function simulated.keep() returns trigger language plpgsql
    as 'begin insert into simulated.journal (envelopes) values (new.envelopes); return null; end';
`;

/** Empties a database of the simulation and brings it to the department's tables. */
export async function openSimulatedDatabase(definition: DepartmentDefinition, url: string): Promise<DataSource> {
  await prepare(url);
  const { options } = dataSourceOf({
    url,
    entities: definition.entities,
    migrations: [...messagingMigrations, ...definition.migrations],
    applicationName: 'retaguarda simulation',
  });
  const source = new DataSource({ ...options, poolSize: 2, extra: { idleTimeoutMillis: 0 } } as DataSourceOptions);
  await source.initialize();
  await migrate(source);
  await source.query(
    'create trigger simulated_journal after insert on outbox for each row execute function simulated.keep()',
  );
  return source;
}

async function prepare(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>('select current_database() as name');
    const name = pg.escapeIdentifier(rows[0]!.name);
    await client.query(PREPARE);
    await client.query(`alter database ${name} set search_path = public, simulated, pg_catalog`);
    await client.query(`alter database ${name} set synchronous_commit = off`);
  } finally {
    await client.end();
  }
}
