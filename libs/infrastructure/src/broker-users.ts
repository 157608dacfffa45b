import { readFileSync } from 'node:fs';
import { derivedPassword } from './derived-password.js';
import { callManagement, ManagementRefused } from './management-api.js';
import type { Broker, Report } from './servers.js';

interface UserDefinitions {
  users: { name: string; tags: string[]; password_hash: string }[];
  permissions: { user: string; vhost: string; configure: string; write: string; read: string }[];
  topic_permissions: { user: string; vhost: string; exchange: string; write: string; read: string }[];
}

/** Who connects how. */
export interface BrokerUsers {
  /** The AMQP URL, with the virtual host, of a user of deploy/rabbitmq/users.json. */
  urlOf(user: string): string;
  /** True when no users could be made: everybody then connects as the user that was given. */
  isShared: boolean;
}

/** Publishes for a department; the user of the department's own name has its queues. */
export const publisherOf = (department: string) => `${department}.publisher`;
export const storefrontUser = (storefront: string) => `storefront.${storefront}`;
/** Sees the length of all queues in the management API and reads no message. */
export const monitorUser = 'monitor';
/** The storefront that is always there. */
export const sampleStorefront = 'sample';

/** Generated from the process tables; see the README beside it. */
const usersFile = new URL('../../../deploy/rabbitmq/users.json', import.meta.url);
/** Tells our users from those of somebody else; it gives no right. */
const ownTag = 'retaguarda';

export class NoStorefront extends Error {
  override readonly name = 'NoStorefront';
}

/**
 * Makes a user for each department, each department's publisher, the sample storefront and the monitor, with the rights
 * of deploy/rabbitmq/users.json in this virtual host. May be repeated. Passwords are derived from the administrator's, so
 * they are stored nowhere and the same on every start. Where it cannot (no management API, no administrator, a user of
 * that name that is not ours) everybody shares the broker's user, and one line says why.
 */
export async function ensureUsers(broker: Broker, vhost: string, report: Report = console.warn): Promise<BrokerUsers> {
  const problem = await define(broker, forVhost(readUsers(), vhost));
  if (problem === undefined) return { urlOf: (user) => urlOf(broker, vhost, user), isShared: false };
  report(`RabbitMQ: ${problem}, so all departments and storefronts use the user ${broker.user} (see deploy/rabbitmq)`);
  return { urlOf: () => `${broker.url}/${encodeURIComponent(vhost)}`, isShared: true };
}

/**
 * Makes the user of one more storefront, with the rights of the sample. May be repeated, with the same outcome.
 * Throws NoStorefront for a name that is none, and where users cannot be made.
 * @returns the AMQP URL that the storefront connects with
 */
export async function ensureStorefront(broker: Broker, vhost: string, storefront: string): Promise<string> {
  const problem = await define(broker, forVhost(storefrontNamed(storefront), vhost));
  if (problem !== undefined) throw new NoStorefront(`No user for storefront ${storefront} can be made: ${problem}.`);
  return urlOf(broker, vhost, storefrontUser(storefront));
}

/** Removes the user of a storefront and so closes its connections; its queues stay. Throws NoStorefront if there is none. */
export async function removeStorefront(broker: Broker, storefront: string): Promise<void> {
  const name = storefrontUser(checked(storefront));
  const found = (await callManagement(broker, 'GET', 'users')) as { name: string; tags: string[] | string }[];
  if (!found.some((user) => user.name === name && isOurs(user))) throw new NoStorefront(`There is no user ${name}.`);
  await callManagement(broker, 'DELETE', `users/${encodeURIComponent(name)}`);
}

function readUsers(): UserDefinitions {
  return JSON.parse(readFileSync(usersFile, 'utf8')) as UserDefinitions;
}

/** Without dots: `storefront.shop.` must not be the beginning of another one's queues. */
function checked(storefront: string): string {
  if (/^[a-z][a-z0-9-]{0,39}$/.test(storefront)) return storefront;
  throw new NoStorefront(`"${storefront}" is no storefront's name: 1 to 40 small letters, digits and hyphens.`);
}

function storefrontNamed(storefront: string): UserDefinitions {
  const sample = storefrontUser(sampleStorefront);
  const name = storefrontUser(checked(storefront));
  const rename = (pattern: string) =>
    pattern.replaceAll(`storefront\\.${sampleStorefront}\\.`, `storefront\\.${storefront}\\.`);
  const { users, permissions, topic_permissions } = readUsers();
  return {
    users: users.filter((user) => user.name === sample).map((user) => ({ ...user, name })),
    permissions: permissions
      .filter(({ user }) => user === sample)
      .map(({ configure, write, read, ...rest }) => ({
        ...{ ...rest, user: name },
        ...{ configure: rename(configure), write: rename(write), read: rename(read) },
      })),
    topic_permissions: topic_permissions.filter(({ user }) => user === sample).map((one) => ({ ...one, user: name })),
  };
}

function forVhost({ users, permissions, topic_permissions }: UserDefinitions, vhost: string): UserDefinitions {
  const within = <T>(one: T) => ({ ...one, vhost });
  return { users, permissions: permissions.map(within), topic_permissions: topic_permissions.map(within) };
}

/** Why it could not be done, or undefined when it was. */
async function define(broker: Broker, { users, ...rights }: UserDefinitions): Promise<string | undefined> {
  if (broker.managementUrl === undefined) return 'there is no management API';
  try {
    const found = (await callManagement(broker, 'GET', 'users')) as { name: string; tags: string[] | string }[];
    const foreign = found.find((user) => users.some(({ name }) => name === user.name) && !isOurs(user));
    if (foreign) return `its user ${foreign.name} is not ours`;
    const withPasswords = users.map(({ name, tags }) => ({ name, tags, password: passwordOf(broker, name) }));
    await callManagement(broker, 'POST', 'definitions', { users: withPasswords, ...rights });
    return undefined;
  } catch (error) {
    if (!(error instanceof ManagementRefused) || ![401, 403].includes(error.status)) throw error;
    return `${broker.user} is no administrator`;
  }
}

/** Brokers before 3.9 give the tags as one text. */
function isOurs({ tags }: { tags: string[] | string }): boolean {
  return (Array.isArray(tags) ? tags : tags.split(',')).includes(ownTag);
}

function urlOf(broker: Broker, vhost: string, user: string): string {
  const url = new URL(broker.url);
  url.username = encodeURIComponent(user);
  url.password = passwordOf(broker, user);
  url.pathname = `/${encodeURIComponent(vhost)}`;
  return url.href;
}

function passwordOf({ password }: Broker, user: string): string {
  return derivedPassword(password, `rabbitmq ${user}`);
}
