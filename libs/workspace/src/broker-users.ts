import { queuesOf, type DescribedProcess } from './described-process.js';

/** What a user may do to the queues and exchanges whose names match, as in `rabbitmqctl set_permissions`. */
interface Permission {
  readonly configure: string;
  readonly write: string;
  readonly read: string;
}

/** By topic exchange, which routing keys a user may publish under (write) and bind its queues to (read). */
type Topics = Readonly<Record<string, { readonly write: string; readonly read: string }>>;

interface BrokerUser {
  readonly name: string;
  readonly tags: readonly string[];
  readonly permission: Permission;
  readonly topics: Topics;
}

/** Says that a user is Retaguarda's own; it gives no right. */
const TAG = 'retaguarda';
const NOTHING = '^$';
const VHOST = 'retaguarda';
/** Exchanges of the other types know no permission by routing key. */
const TOPIC_EXCHANGES = ['retaguarda', 'retaguarda.dead', 'storefront'];

/**
 * The broker's users, in the form of `rabbitmqctl import_definitions`, without passwords. For each department one that
 * owns its queues and one that publishes: whoever may do both can pass the check of the routing key, by way of an
 * exchange or a dead-letter setting of its own.
 * @param forStorefronts event types that a storefront may listen to
 */
export function usersOf(processes: readonly DescribedProcess[], forStorefronts: readonly string[]) {
  const { bindings } = queuesOf(processes);
  const users = [
    ...processes.flatMap(({ department }) => [
      queueOwner(
        department,
        bindings.filter(({ destination }) => destination.startsWith(`${department}.`)),
      ),
      publisher(department),
    ]),
    storefront('sample', forStorefronts),
    { name: 'monitor', tags: ['monitoring', TAG], permission: permission({}), topics: {} },
  ];
  return inDefinitions(users);
}

function queueOwner(department: string, bindings: readonly { source: string; routing_key: string }[]): BrokerUser {
  const own = `${escaped(department)}\\.`;
  const sources = [...new Set(bindings.map(({ source }) => source))].sort();
  const keysOf = (exchange: string) => bindings.filter(({ source }) => source === exchange).map((b) => b.routing_key);
  const topics = sources
    .filter((exchange) => TOPIC_EXCHANGES.includes(exchange))
    .map((exchange) => [exchange, { write: NOTHING, read: exactly(keysOf(exchange)) }] as const);
  return {
    name: department,
    tags: [TAG],
    permission: permission({
      configure: `^${own}`,
      write: `^${own}`,
      read: `^(${[own, ...sources.map((name) => `${escaped(name)}$`)].join('|')})`,
    }),
    topics: Object.fromEntries(topics),
  };
}

function publisher(department: string): BrokerUser {
  return {
    name: `${department}.publisher`,
    tags: [TAG],
    permission: permission({ write: '^retaguarda(\\.journal)?$' }),
    topics: {
      retaguarda: { write: `^${escaped(department)}\\.`, read: NOTHING },
      'retaguarda.journal': { write: `^${escaped(department)}$`, read: NOTHING },
    },
  };
}

/** Both in one: through the exchange `storefront` nothing is reached but what storefronts may send anyway. */
function storefront(name: string, types: readonly string[]): BrokerUser {
  const own = `storefront\\.${escaped(name)}\\.`;
  return {
    name: `storefront.${name}`,
    tags: [TAG],
    permission: permission({
      configure: `^${own}`,
      write: `^(storefront$|${own})`,
      read: `^(retaguarda$|${own})`,
    }),
    topics: {
      storefront: { write: '^storefront\\.', read: NOTHING },
      retaguarda: { write: NOTHING, read: exactly(types) },
    },
  };
}

function inDefinitions(users: readonly BrokerUser[]) {
  return {
    users: users.map(({ name, tags }) => ({ name, password_hash: '', tags })),
    permissions: users.map(({ name, permission }) => ({ user: name, vhost: VHOST, ...permission })),
    topic_permissions: users.flatMap(({ name, topics }) =>
      Object.entries(topics).map(([exchange, rights]) => ({ user: name, vhost: VHOST, exchange, ...rights })),
    ),
  };
}

function permission({ configure = NOTHING, write = NOTHING, read = NOTHING }: Partial<Permission>): Permission {
  return { configure, write, read };
}

function exactly(keys: readonly string[]): string {
  return `^(${[...new Set(keys)].sort().map(escaped).join('|')})$`;
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
