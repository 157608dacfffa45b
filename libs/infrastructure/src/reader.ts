import pg from 'pg';
import { derivedPassword } from './derived-password.js';
import { addressOf, asAdmin, ensureRole } from './role-database.js';
import type { Database } from './servers.js';

/** Two audits at the same time need ten; a reader that asks for more than this must not take them from the departments. */
const CONNECTIONS = 20;
/** Functions that write and that every role may call unless told otherwise. */
const WRITING_FUNCTIONS = ['lo_create(oid)', 'lo_creat(integer)', 'lo_from_bytea(oid, bytea)'];

/**
 * Makes a role that may enter these databases, read every table that is or will be there, and change nothing. Each
 * database must have been made by `ensureDatabase`, whose owner makes its tables. May be repeated.
 * @returns the URLs with which it connects, in the order of the names
 */
export async function ensureReader(database: Database, reader: string, names: readonly string[]): Promise<string[]> {
  const password = derivedPassword(new URL(database.adminUrl).password, reader);
  await asAdmin(database, async (client) => {
    await ensureRole(client, reader, password);
    const role = pg.escapeIdentifier(reader);
    await client.query(`alter role ${role} connection limit ${CONNECTIONS}`);
    // Against mistakes: a session may turn it off. What it may not do is decided by what is granted.
    await client.query(`alter role ${role} set default_transaction_read_only to on`);
  });
  for (const name of names) await asAdmin(database, (client) => letIn(client, reader, name), name);
  return names.map((name) => addressOf(database.adminUrl, { username: reader, password, pathname: name }));
}

/** Removes the role, after the databases that it could read. That it is not there is fine. */
export async function dropReader(database: Database, reader: string): Promise<void> {
  await asAdmin(database, async (client) => {
    await client.query(`drop role if exists ${pg.escapeIdentifier(reader)}`);
  });
}

async function letIn(client: pg.Client, reader: string, name: string): Promise<void> {
  const [role, owner] = [pg.escapeIdentifier(reader), pg.escapeIdentifier(name)];
  const statements = [
    `grant connect on database ${owner} to ${role}`,
    // Before Postgres 15 everybody may make tables in the schema "public".
    `grant usage, create on schema public to ${owner}`,
    `revoke create on schema public from public`,
    `grant usage on schema public to ${role}`,
    `grant select on all tables in schema public to ${role}`,
    `alter default privileges for role ${owner} in schema public grant select on tables to ${role}`,
  ];
  for (const statement of statements) await client.query(statement);
  const { rows } = await client.query<{ rolsuper: boolean }>(
    'select rolsuper from pg_roles where rolname = current_user',
  );
  // They belong to the superuser who made the server.
  if (rows[0]?.rolsuper) await client.query(`revoke execute on function ${WRITING_FUNCTIONS.join(', ')} from public`);
}
