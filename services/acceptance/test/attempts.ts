import { connect, type ChannelModel, type ConfirmChannel } from 'amqplib';
import { contracts, ownerOf } from '@retaguarda/contracts';
import { readFileSync } from 'node:fs';
import pg from 'pg';

/** Something that somebody tries at the broker, on a channel of their own. */
export interface Attempt {
  readonly what: string;
  readonly act: (channel: ConfirmChannel) => Promise<unknown>;
}

export type Outcome = 'allowed' | 'refused' | `failed: ${string}`;

interface QueueFile {
  readonly queues: readonly { name: string }[];
  readonly bindings: readonly { destination: string; routing_key: string }[];
}

/** Derived from the process tables, as are the rights that are tried here, but not by the same code. */
const { queues, bindings } = JSON.parse(
  readFileSync(new URL('../../../deploy/rabbitmq/queues.json', import.meta.url), 'utf8'),
) as QueueFile;

export const queuesOf = (owner: string): string[] =>
  owner.startsWith('storefront.')
    ? [`${owner}.answers`]
    : queues.map(({ name }) => name).filter((name) => name.startsWith(`${owner}.`));

export const typesOf = (owner: string): string[] =>
  contracts.filter((contract) => ownerOf(contract) === owner.split('.')[0]).map(({ type }) => type);

export const typesTakenBy = (department: string): string[] =>
  bindings.filter(({ destination }) => destination.startsWith(`${department}.`)).map((binding) => binding.routing_key);

const exchangeOf = (type: string) => (type.startsWith('storefront.') ? 'storefront' : 'retaguarda');
const quorum = { durable: true, arguments: { 'x-queue-type': 'quorum' } };
const publish = (exchange: string, key: string, headers = {}): Attempt => ({
  what: `publish ${key} to ${exchange || 'the default exchange'}`,
  act: async (channel) => channel.publish(exchange, key, Buffer.from('{}'), { headers }),
});
const bind = (queue: string, exchange: string, key: string): Attempt => ({
  what: `bind ${queue} to ${key || 'everything'} of ${exchange}`,
  act: (channel) => channel.bindQueue(queue, exchange, key),
});

export const publishOf = (type: string) => publish(exchangeOf(type), type);
/** What it did, for the journal. */
export const noteOf = (department: string) => publish('retaguarda.journal', department);
export const bindTo = (queue: string, type: string) => bind(queue, exchangeOf(type), type);

/** All that one can do with a queue. */
export const attemptsOn = (queue: string): Attempt[] => [
  { what: `consume ${queue}`, act: (channel) => channel.consume(queue, () => undefined) },
  { what: `get from ${queue}`, act: (channel) => channel.get(queue) },
  { what: `purge ${queue}`, act: (channel) => channel.purgeQueue(queue) },
  { what: `delete ${queue}`, act: (channel) => channel.deleteQueue(queue) },
  { what: `declare ${queue}`, act: (channel) => channel.assertQueue(queue, quorum) },
  { what: `unbind ${queue}`, act: (channel) => channel.unbindQueue(queue, 'retaguarda', 'x.y.v1') },
  bind(queue, 'retaguarda', 'stock.availability-changed.v1'),
  publish('', queue),
];

/** On the queues and the routing keys of somebody else. */
export const attemptsAgainst = (victim: string, ownQueue: string): Attempt[] => [
  ...queuesOf(victim).flatMap(attemptsOn),
  ...typesOf(victim).map(publishOf),
  publish('retaguarda.dead', victim),
  noteOf(victim),
  bind(ownQueue, 'retaguarda.dead', victim),
];

/** To listen to more than what is one's own to hear. */
export const listeningAttempts = (ownQueue: string, allowed: readonly string[]): Attempt[] => [
  ...contracts
    .map(({ type }) => type)
    .filter((type) => !allowed.includes(type))
    .map((type) => bindTo(ownQueue, type)),
  ...['#', '*.*.v1', 'sales.#', '#.v1'].flatMap((key) => [
    bind(ownQueue, 'retaguarda', key),
    bind(ownQueue, 'retaguarda.dead', key),
    bind(ownQueue, 'storefront', key),
    bind(ownQueue, 'retaguarda.journal', key),
  ]),
];

/** On what belongs to nobody: the exchanges themselves, the default exchange, the broker's own, the journal. */
export const attemptsOnTheBroker = (ownQueue: string): Attempt[] => [
  ...['retaguarda', 'retaguarda.dead', 'retaguarda.journal', 'storefront', 'storefront.unrecognised'].map(
    (exchange) => ({
      what: `delete exchange ${exchange}`,
      act: (channel: ConfirmChannel) => channel.deleteExchange(exchange),
    }),
  ),
  ...['amq.topic', 'amq.fanout', 'amq.direct'].map((exchange) => publish(exchange, 'sales.order-placed.v1')),
  { what: 'declare a queue without a name', act: (channel) => channel.assertQueue('', { exclusive: true }) },
  { what: 'declare somebody new', act: (channel) => channel.assertQueue('somebody.new', quorum) },
  publish('', ownQueue),
  ...attemptsOn('retaguarda.journal'),
];

/** Ways round the check of the routing key, for somebody who may make queues and exchanges of a name of their own. */
export const detours = (owner: string, target: string, key: string): Attempt[] => [
  {
    what: `declare a queue that dead-letters to ${target} as ${key}`,
    act: (channel) =>
      channel.assertQueue(`${owner}.trap`, { durable: true, deadLetterExchange: target, deadLetterRoutingKey: key }),
  },
  {
    what: 'declare a queue that dead-letters to any queue',
    act: (channel) =>
      channel.assertQueue(`${owner}.trap`, { durable: true, deadLetterExchange: '', deadLetterRoutingKey: 'x.dead' }),
  },
  {
    what: `declare an exchange whose strays go to ${target}`,
    act: (channel) => channel.assertExchange(`${owner}.detour`, 'fanout', { alternateExchange: target }),
  },
  {
    what: `bind ${target} to an exchange of one's own`,
    act: async (channel) => {
      await channel.assertExchange(`${owner}.own`, 'fanout', { autoDelete: true });
      await channel.bindExchange(target, `${owner}.own`, '');
    },
  },
];

/** One connection of somebody who tries things. */
export class Visitor {
  private constructor(private readonly connection: ChannelModel) {}

  static async connect(url: string): Promise<Visitor> {
    // Every refusal closes its channel, and each of those answers would wait for the kernel's 40 ms.
    const connection = await connect(url, { noDelay: true });
    connection.on('error', () => undefined);
    return new Visitor(connection);
  }

  /** `refused` is the broker's 403 and nothing else. */
  async try({ act }: Attempt): Promise<Outcome> {
    const channel = await this.connection.createConfirmChannel();
    const closing = new Promise<Error>((resolve) => channel.once('error', resolve));
    try {
      await act(channel);
      await channel.waitForConfirms();
      await channel.close();
      return 'allowed';
    } catch (error) {
      const { code, message } = ((error as { code?: number }).code ? error : await closing) as Error & {
        code?: number;
      };
      return code === 403 ? 'refused' : `failed: ${message}`;
    }
  }

  async close(): Promise<void> {
    await this.connection.close();
  }
}

/** Each of these on a connection of a department's role to its own database. */
export const databaseAttempts = (victim: string): string[] => {
  const name = pg.escapeIdentifier(victim);
  return [
    `set role ${name}`,
    `grant ${name} to current_user`,
    `alter role ${name} password 'taken'`,
    `alter role current_user superuser`,
    `alter role current_user createdb`,
    `alter database ${name} owner to current_user`,
    `alter database ${name} set default_transaction_read_only to on`,
    `grant connect on database ${name} to public`,
    `drop database ${name}`,
    `drop role ${name}`,
    `create database copied template ${name}`,
    `create role another login`,
    `create extension dblink`,
    `create extension postgres_fdw`,
    `select * from ${name}.public.parked`,
    `select pg_read_file('PG_VERSION')`,
    `copy (select 1) to program 'true'`,
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = ${pg.escapeLiteral(victim)}`,
  ];
};

/** For somebody who is let in these do something else than for a stranger, or nothing: a grant without effect. */
const AS_A_GUEST = /^grant connect|\.parked$|pg_terminate_backend/;

/** To write something as the audit's role, on a connection to a department's database that has a table `goods`. */
export const writingAttempts = (owner: string): string[] => [
  `insert into goods values (1)`,
  `update goods set id = 2`,
  `delete from goods`,
  `truncate goods`,
  `select * from goods for update`,
  `begin; lock table goods in row exclusive mode`,
  `select nextval('goods_numbers')`,
  `select setval('goods_numbers', 1)`,
  `copy goods from program 'true'`,
  `alter table goods add column x int`,
  `drop table goods`,
  `create index on goods (id)`,
  `create table own (id int)`,
  `create table own as select * from goods`,
  `create temporary table own (id int)`,
  `create schema own`,
  `create view own as select * from goods`,
  `create function own() returns int language sql as 'select 1'`,
  `create sequence own`,
  `create type own as (id int)`,
  `create publication own`,
  `select lo_create(0)`,
  `select lo_from_bytea(0, 'x')`,
  `comment on table goods is 'x'`,
  `set session_replication_role to replica`,
  ...databaseAttempts(owner).filter((statement) => !AS_A_GUEST.test(statement)),
];

const REFUSALS: Readonly<Record<string, string>> = {
  '42501': 'no privilege',
  '28P01': 'wrong password',
  '0A000': 'another database',
  '58P01': 'not installed',
};

/** `refused`, or what came of it. */
export async function tryAtDatabase(url: string, statement = 'select 1', options = ''): Promise<Outcome> {
  const client = new pg.Client({ connectionString: url, options });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query(statement);
    return 'allowed';
  } catch (error) {
    const { code = '', message } = error as pg.DatabaseError;
    return code in REFUSALS ? 'refused' : `failed: ${message}`;
  } finally {
    await client.end().catch(() => undefined);
  }
}
