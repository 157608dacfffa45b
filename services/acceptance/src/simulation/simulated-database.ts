import { dataSourceOf } from '@retaguarda/database';
import type { DepartmentDefinition } from '@retaguarda/department';
import { messagingMigrations } from '@retaguarda/messaging';
import { DataSource, type DataSourceOptions } from 'typeorm';
import type { EmbeddedPostgres } from './embedded-postgres.js';

/**
 * The journal keeps what was committed to the outbox: it is written by the same transactions and by none that is rolled
 * back.
 */
const PREPARE = `
  create schema simulated;
  create table simulated.journal (n bigint generated always as identity primary key, envelopes json not null);
  create function simulated.keep() returns trigger language plpgsql
    as 'begin insert into simulated.journal (envelopes) values (new.envelopes::json); return null; end';
`;

/** Brings an empty database to the department's tables, with the simulation's journal. */
export async function openSimulatedDatabase(
  definition: DepartmentDefinition,
  database: EmbeddedPostgres,
): Promise<DataSource> {
  const { options } = dataSourceOf({
    url: 'postgres://postgres@in-this-process/postgres',
    entities: definition.entities,
    migrations: [...messagingMigrations, ...definition.migrations],
    applicationName: 'retaguarda simulation',
  });
  const extra = { ...database.access, idleTimeoutMillis: 0 };
  const source = new DataSource({ ...options, poolSize: 1, extra } as DataSourceOptions);
  await source.initialize();
  await source.query(PREPARE);
  await source.runMigrations({ transaction: 'each' });
  await source.query(
    'create trigger simulated_journal after insert on outbox for each row execute function simulated.keep()',
  );
  return source;
}
