import pg from 'pg';
import { derivedPassword } from './derived-password.js';
import type { Database } from './servers.js';

/** Any number, the same in every process: roles and databases are made one after the other. */
const adminLock = 7_311_402;

/**
 * Makes the database and the role of the same name that owns it, and gives the URL with which this role connects. May be
 * repeated. The role's password is derived from the administrator's, so it is stored nowhere and the same on every start.
 * No other role may connect.
 */
export async function ensureDatabase(database: Database, name: string): Promise<string> {
  const password = derivedPassword(new URL(database.adminUrl).password, name);
  await asAdmin(database, async (client) => {
    await ensureRole(client, name, password);
    const { rowCount } = await client.query('select from pg_database where datname = $1', [name]);
    const quoted = pg.escapeIdentifier(name);
    if (rowCount === 0) await client.query(`create database ${quoted} owner ${quoted}`);
    await client.query(`revoke connect, temporary on database ${quoted} from public`);
    if (database.origin !== 'environment') {
      await client.query('revoke connect on database postgres, template1 from public');
    }
  });
  return addressOf(database.adminUrl, { username: name, password, pathname: name });
}

/** The administrator's address with another user or another database. */
export function addressOf(
  adminUrl: string,
  other: Partial<Record<'username' | 'password' | 'pathname', string>>,
): string {
  const parts = Object.entries(other).map(([part, text]) => [part, encodeURIComponent(text)]);
  return Object.assign(new URL(adminUrl), Object.fromEntries(parts)).href;
}

/** Cuts the database's sessions and removes it with its role; that it is not there is fine. */
export async function dropDatabase(database: Database, name: string): Promise<void> {
  await asAdmin(database, async (client) => {
    const quoted = pg.escapeIdentifier(name);
    await client.query(`drop database if exists ${quoted} with (force)`);
    await client.query(`drop role if exists ${quoted}`);
  });
}

/** Makes a role that can log in, or sets the password of the one that is there. */
export async function ensureRole(client: pg.Client, name: string, password: string): Promise<void> {
  const { rowCount } = await client.query('select from pg_roles where rolname = $1', [name]);
  const verb = rowCount === 0 ? 'create' : 'alter';
  await client.query(`${verb} role ${pg.escapeIdentifier(name)} login password ${pg.escapeLiteral(password)}`);
  const { rows } = await client.query<{ rolsuper: boolean }>(
    'select rolsuper from pg_roles where rolname = current_user',
  );
  // Who is no superuser must be a member of the role to make a database for it.
  if (!rows[0]?.rolsuper) await client.query(`grant ${pg.escapeIdentifier(name)} to current_user`);
}

/** One piece of work as the administrator, one at a time among all processes of a database: the maintenance one unless told. */
export async function asAdmin(
  { adminUrl }: Pick<Database, 'adminUrl'>,
  work: (client: pg.Client) => Promise<void>,
  name?: string,
): Promise<void> {
  const connectionString = name === undefined ? adminUrl : addressOf(adminUrl, { pathname: name });
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [adminLock]);
    await work(client);
  } catch (error) {
    if ((error as pg.DatabaseError).code !== '42501') throw error;
    const { message } = error as Error;
    throw new Error(`the administrator of POSTGRES_URL may not make roles and databases: ${message}`, { cause: error });
  } finally {
    await client.end();
  }
}
