import { contracts, isForStorefronts } from '@retaguarda/contracts';
import { ensureQueues, ensureStorefront, monitorUser, publisherOf, type BrokerUsers } from '@retaguarda/infrastructure';
import { brokerUsers, freshDatabase, freshReader, freshVhost, testServers } from '@retaguarda/testing';
import pg from 'pg';
import {
  attemptsAgainst,
  attemptsOnTheBroker,
  bindTo,
  databaseAttempts,
  detours,
  listeningAttempts,
  noteOf,
  publishOf,
  queuesOf,
  tryAtDatabase,
  typesOf,
  typesTakenBy,
  Visitor,
  writingAttempts,
  type Attempt,
} from './attempts.js';
import { departments } from './company.js';

const SAMPLE = 'storefront.sample';
const OTHER = 'storefront.loja';
const forStorefronts = contracts.filter(isForStorefronts).map(({ type }) => type);

/** With a queue of its own to try things with. */
const parties = [
  ...departments.map((name) => ({ name, users: [name, publisherOf(name)], ownQueue: queuesOf(name)[0]! })),
  { name: SAMPLE, users: [SAMPLE], ownQueue: queuesOf(SAMPLE)[0]! },
];
const pairs = parties.flatMap((party) =>
  [...departments, SAMPLE, OTHER]
    .filter((victim) => victim !== party.name)
    // Two storefronts write under the same routing keys: what they send says which channel it is of.
    .map((victim) => ({ party, victim, attempts: attemptsOf(party, victim) })),
);

function attemptsOf({ name, users, ownQueue }: (typeof parties)[number], victim: string) {
  const isSharedKey = ({ what }: Attempt) => name === SAMPLE && victim === OTHER && what.endsWith('to storefront');
  const attempts = attemptsAgainst(victim, ownQueue).filter((attempt) => !isSharedKey(attempt));
  return users.flatMap((user) => attempts.map((attempt) => ({ user, attempt })));
}

describe("with somebody's credentials at the broker", () => {
  let users: BrokerUsers;
  const visitors = new Map<string, Visitor>();

  const tryAll = async (attempts: readonly { user: string; attempt: Attempt }[]) => {
    const outcomes: { user: string; what: string; outcome: string }[] = [];
    for (const { user, attempt } of attempts)
      outcomes.push({ user, what: attempt.what, outcome: await visitors.get(user)!.try(attempt) });
    return outcomes;
  };
  const notRefused = async (attempts: readonly { user: string; attempt: Attempt }[]) =>
    (await tryAll(attempts)).filter(({ outcome }) => outcome !== 'refused');
  const notAllowed = async (user: string, attempts: readonly Attempt[]) =>
    (await tryAll(attempts.map((attempt) => ({ user, attempt })))).filter(({ outcome }) => outcome !== 'allowed');

  beforeAll(async () => {
    const { broker } = testServers();
    const admin = await freshVhost();
    await ensureQueues(admin);
    users = await brokerUsers(admin);
    const vhost = decodeURIComponent(new URL(admin).pathname.slice(1));
    const urls = [...parties.flatMap((party) => party.users), monitorUser].map((user) => [user, users.urlOf(user)]);
    for (const [user, url] of [...urls, [OTHER, await ensureStorefront(broker, vhost, 'loja')]] as [string, string][])
      visitors.set(user, await Visitor.connect(url));
    for (const storefront of [SAMPLE, OTHER]) {
      const [queue] = queuesOf(storefront) as [string];
      const declare = { what: `declare ${queue}`, act: (channel) => channel.assertQueue(queue) } satisfies Attempt;
      expect(await notAllowed(storefront, [declare])).toEqual([]);
    }
  }, 60_000);

  afterAll(async () => {
    for (const visitor of visitors.values()) await visitor.close();
  });

  it('each party has users of its own', () => {
    expect(users.isShared).toBe(false);
    const urls = [...visitors.keys()].map((user) => users.urlOf(user));
    expect(new Set(urls.map((url) => new URL(url).password)).size).toBe(visitors.size);
  });

  it.each(departments)('%s publishes its own events, and declares, binds and consumes its own queues', async (name) => {
    expect(await notAllowed(publisherOf(name), [...typesOf(name).map(publishOf), noteOf(name)])).toEqual([]);
    const [queue] = queuesOf(name) as [string];
    const events = typesTakenBy(name).filter((type) => type.endsWith('.v1'));
    const own: Attempt[] = queuesOf(name).flatMap((each) => [
      {
        what: `declare ${each}`,
        act: (channel) => channel.assertQueue(each, { arguments: { 'x-queue-type': 'quorum' } }),
      },
      { what: `consume ${each}`, act: (channel) => channel.consume(each, () => undefined) },
      { what: `bind ${name}.dead`, act: (channel) => channel.bindQueue(`${name}.dead`, 'retaguarda.dead', name) },
    ]);
    expect(await notAllowed(name, [...own, ...events.map((type) => bindTo(queue, type))])).toEqual([]);
  });

  it('a storefront submits, and listens to what is meant for storefronts', async () => {
    const [queue] = queuesOf(SAMPLE) as [string];
    const own = [...typesOf(SAMPLE).map(publishOf), ...forStorefronts.map((type) => bindTo(queue, type))];
    expect(await notAllowed(SAMPLE, own)).toEqual([]);
  });

  it.each(
    pairs.map(({ party, victim, attempts }) => ({ ...{ who: party.name, victim, attempts }, count: attempts.length })),
  )('$who is refused $count times of $count at the queues and keys of $victim', async ({ attempts, count }) => {
    expect(await notRefused(attempts)).toEqual([]);
    expect(count).toBeGreaterThan(8);
  });

  it.each(parties)('$name hears nothing but what its table takes or is meant for it', async (party) => {
    const allowed = party.name === SAMPLE ? forStorefronts : typesTakenBy(party.name);
    const attempts = listeningAttempts(party.ownQueue, allowed);
    expect(await notRefused(party.users.flatMap((user) => attempts.map((attempt) => ({ user, attempt }))))).toEqual([]);
  });

  it.each(parties)('$name touches no exchange, no default exchange and no journal', async ({ users, ownQueue }) => {
    const attempts = users.flatMap((user) => attemptsOnTheBroker(ownQueue).map((attempt) => ({ user, attempt })));
    expect(await notRefused(attempts)).toEqual([]);
  });

  it.each(parties)('$name finds no way round the check of its routing keys', async ({ name, users }) => {
    const attempts = users.flatMap((user) =>
      detours(name, 'retaguarda', 'sales.order-cancelled.v1').map((attempt) => ({ user, attempt })),
    );
    expect(await notRefused(attempts)).toEqual([]);
  });

  it("a header that asks for another's routing key as well is refused, or shows the key that was allowed", async () => {
    const key = 'stock.availability-changed.v1';
    const queue = 'invoicing.issue-invoice';
    const purge = { what: `purge ${queue}`, act: (channel) => channel.purgeQueue(queue) } satisfies Attempt;
    expect(await notAllowed('invoicing', [purge])).toEqual([]);
    const outcome = await visitors.get(publisherOf('stock'))!.try({
      what: 'publish with CC',
      act: async (channel) =>
        channel.publish('retaguarda', key, Buffer.from('forged'), { CC: ['fulfillment.order-packed.v1'] }),
    });
    let seen: string | undefined;
    await visitors.get('invoicing')!.try({
      what: 'get',
      act: async (channel) => {
        const message = await channel.get(queue, { noAck: true });
        if (message) seen = message.fields.routingKey;
      },
    });
    // A step takes only what came under the routing key of its type (libs/messaging, open.ts).
    expect([outcome, seen]).toEqual(outcome === 'refused' ? ['refused', undefined] : ['allowed', key]);
  });

  it('the monitor reads no message and writes none', async () => {
    const attempts = [...departments, SAMPLE].flatMap((victim) => attemptsAgainst(victim, 'monitor.queue'));
    expect(await notRefused(attempts.map((attempt) => ({ user: monitorUser, attempt })))).toEqual([]);
  });
});

describe("with a department's credentials at the database", () => {
  const urls = new Map<string, string>();
  /** Of each department: something that others could cut. */
  const sessions: pg.Client[] = [];
  const roleOf = (name: string) => decodeURIComponent(new URL(urls.get(name)!).username);

  beforeAll(async () => {
    for (const name of departments) {
      urls.set(name, await freshDatabase(name));
      const session = new pg.Client({ connectionString: urls.get(name) });
      await session.connect();
      sessions.push(session);
    }
  }, 60_000);

  afterAll(async () => {
    for (const session of sessions) await session.end();
  });

  const databasePairs = departments.flatMap((name) =>
    departments.filter((victim) => victim !== name).map((victim) => ({ name, victim })),
  );
  const count = databaseAttempts('x').length + 2;

  it.each(departments)('%s does what it likes in its own', async (name) => {
    expect(await tryAtDatabase(urls.get(name)!, 'create table goods (id int)')).toBe('allowed');
  });

  it.each(databasePairs)(`$name is refused ${count} times of ${count} at the database of $victim`, async (pair) => {
    const own = new URL(urls.get(pair.name)!);
    const victim = new URL(urls.get(pair.victim)!);
    const withOwnRole = Object.assign(new URL(own), { pathname: victim.pathname });
    const withOwnPassword = Object.assign(new URL(victim), { password: own.password });
    const outcomes: Record<string, string> = {
      'connect as itself': await tryAtDatabase(withOwnRole.href),
      'connect as the other': await tryAtDatabase(withOwnPassword.href),
    };
    for (const statement of databaseAttempts(roleOf(pair.victim)))
      outcomes[statement] = await tryAtDatabase(own.href, statement);
    expect(Object.entries(outcomes).filter(([, outcome]) => outcome !== 'refused')).toEqual([]);
    expect(Object.keys(outcomes)).toHaveLength(count);
  });

  it.each(departments)('%s is not let into the maintenance and the template database', async (name) => {
    for (const elsewhere of ['postgres', 'template1', 'template0']) {
      const url = Object.assign(new URL(urls.get(name)!), { pathname: `/${elsewhere}` });
      expect([elsewhere, await tryAtDatabase(url.href)]).not.toEqual([elsewhere, 'allowed']);
    }
  });
});

describe('with the role of the audit', () => {
  const owners: string[] = [];
  let readers: string[] = [];
  /** A session may turn the role's own default off: what counts is what was granted. */
  const trying = (url: string, statement?: string) =>
    tryAtDatabase(url, statement, '-c default_transaction_read_only=off');
  const asOwner = (statement: string) => Promise.all(owners.map((url) => tryAtDatabase(url, statement)));

  beforeAll(async () => {
    for (const name of departments) owners.push(await freshDatabase(name));
    expect(await asOwner('create table goods (id int)')).toEqual(departments.map(() => 'allowed'));
    readers = await freshReader(owners);
    // What is made by a later migration can be read as well.
    await asOwner('create table later (id int)');
    await asOwner('create sequence goods_numbers');
  }, 60_000);

  it('every table of every department can be read', async () => {
    for (const url of readers)
      for (const table of ['goods', 'later']) expect(await trying(url, `select * from ${table}`)).toBe('allowed');
  });

  it.each(departments)(
    'nothing can be written to the database of %s',
    async (name) => {
      const at = departments.indexOf(name);
      const statements = writingAttempts(decodeURIComponent(new URL(owners[at]!).username));
      const outcomes: [string, string][] = [];
      for (const statement of statements) outcomes.push([statement, await trying(readers[at]!, statement)]);
      expect(outcomes.filter(([, outcome]) => outcome !== 'refused')).toEqual([]);
    },
    60_000,
  );

  it('nobody else can be let in', async () => {
    const [here, stranger] = [new URL(owners[0]!), new URL(owners[1]!)];
    await trying(readers[0]!, `grant connect on database ${pg.escapeIdentifier(here.pathname.slice(1))} to public`);
    expect(await trying(Object.assign(new URL(stranger), { pathname: here.pathname }).href)).toBe('refused');
  });

  it('a session that does not ask for more is a reading one to begin with', async () => {
    const client = new pg.Client({ connectionString: readers[0] });
    await client.connect();
    const { rows } = await client.query('show default_transaction_read_only');
    await client.end();
    expect(rows).toEqual([{ default_transaction_read_only: 'on' }]);
  });

  it('no other database is entered', async () => {
    const others = [
      'postgres',
      'template1',
      decodeURIComponent(new URL(await freshDatabase('other')).pathname.slice(1)),
    ];
    for (const elsewhere of others)
      expect(await trying(Object.assign(new URL(readers[0]!), { pathname: `/${elsewhere}` }).href)).toBe('refused');
  });
});
