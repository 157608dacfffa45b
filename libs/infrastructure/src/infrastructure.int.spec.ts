import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'amqplib';
import pg from 'pg';
import { eventually } from './eventually.js';
import { callManagement } from './management-api.js';
import {
  dropDatabase,
  dropVhost,
  ensureDatabase,
  ensureQueues,
  ensureStorefront,
  ensureUsers,
  ensureVhost,
  findInfrastructure,
  monitorUser,
  removeStorefront,
  StateDirectoryInUse,
  type Infrastructure,
} from './index.js';
import { startOf } from './processes.js';

const stateDir = mkdtempSync(join(tmpdir(), 'retaguarda-spec-'));
const lines: string[] = [];
const find = () => {
  return findInfrastructure({ stateDir, docker: false, durable: false, report: (line) => void lines.push(line) });
};

/** Another process finds the servers, says so, and is killed before it can stop them. */
async function ownerThatDies(): Promise<Infrastructure> {
  const index = new URL('./index.ts', import.meta.url).href;
  const loader = new URL('../../testing/src/servers/typescript-loader.mjs', import.meta.url).href;
  const program = `
    import { register } from 'node:module';
    register('${loader}');
    const { findInfrastructure } = await import('${index}');
    const found = await findInfrastructure({ stateDir: '${stateDir}', docker: false, durable: false, report: () => undefined });
    console.log(JSON.stringify(found));
    setInterval(() => undefined, 1000);`;
  const env = { ...process.env, RABBITMQ_URL: '', POSTGRES_URL: '' };
  const owner = spawn(process.execPath, ['--input-type=module', '-e', program], { env });
  const exit = once(owner, 'exit');
  let said = '';
  owner.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const [found] = (await Promise.race([
    once(owner.stdout, 'data'),
    exit.then(() => Promise.reject(new Error(said))),
  ])) as [Buffer];
  await expect(find()).rejects.toThrow(new StateDirectoryInUse(stateDir, owner.pid as number).message);
  owner.kill('SIGKILL');
  await exit;
  return JSON.parse(found.toString()) as Infrastructure;
}

describe('private servers', () => {
  let before: Infrastructure;
  let servers: Infrastructure;
  const environment = { ...process.env };

  beforeAll(async () => {
    delete process.env.RABBITMQ_URL;
    delete process.env.POSTGRES_URL;
    before = await ownerThatDies();
    servers = await find();
  }, 240_000);

  afterAll(async () => {
    Object.assign(process.env, environment);
    await servers?.stop();
    rmSync(stateDir, { recursive: true, force: true });
  }, 120_000);

  it('outlive an owner who was killed, and the next start takes them over', () => {
    expect(servers.broker).toEqual(before.broker);
    expect(servers.database).toEqual(before.database);
    expect(lines).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^RabbitMQ [\d.]+ on port \d+ taken over from an earlier start$/),
        expect.stringMatching(/^Postgres [\d.]+ on port \d+ taken over from an earlier start$/),
      ]),
    );
  });

  it('keep their passwords to themselves', () => {
    expect(statSync(join(stateDir, 'infrastructure.json')).mode & 0o777).toBe(0o600);
    expect(statSync(join(stateDir, 'rabbitmq', 'rabbitmq.conf')).mode & 0o777).toBe(0o600);
  });

  it('let nobody in as guest', async () => {
    const { port } = new URL(servers.broker.url);
    await expect(connect(`amqp://guest:guest@127.0.0.1:${port}`)).rejects.toThrow(/403|ACCESS/i);
  });

  it('run as an ordinary user', () => {
    const uids = [...servers.broker.pids, ...servers.database.pids].map((pid) => statSync(`/proc/${pid}`).uid);
    expect(uids).not.toContain(0);
  });

  describe('a virtual host', () => {
    it('is made with its exchanges and policies, and making it again changes nothing', async () => {
      await ensureVhost(servers.broker, 'loja');
      await ensureVhost(servers.broker, 'loja');
      const names = async (kind: string) => {
        const found = (await callManagement(servers.broker, 'GET', `${kind}/loja`)) as { name: string }[];
        return found.map(({ name }) => name);
      };
      const exchanges = [
        'retaguarda',
        'retaguarda.dead',
        'retaguarda.journal',
        'storefront',
        'storefront.unrecognised',
      ];
      expect(await names('exchanges')).toEqual(expect.arrayContaining(exchanges));
      expect((await names('policies')).sort()).toEqual(
        [
          'sales',
          'stock',
          'fulfillment',
          'invoicing',
          'billing',
          'control-room',
          'dead',
          'journal',
          'storefront',
        ].sort(),
      );
      await dropVhost(servers.broker, 'loja');
      await dropVhost(servers.broker, 'loja');
    });

    it('leads what nobody can handle to the queue of dead letters, and a stray message to the strays', async () => {
      const connection = await connect(await ensureVhost(servers.broker, 'dead-letters'));
      const channel = await connection.createConfirmChannel();
      const quorum = { durable: true, arguments: { 'x-queue-type': 'quorum' } };
      for (const queue of ['stock.reserve-stock', 'stock.dead', 'sales.unrecognised']) {
        await channel.assertQueue(queue, quorum);
      }
      await channel.bindQueue('stock.dead', 'retaguarda.dead', 'stock');
      await channel.bindQueue('sales.unrecognised', 'storefront.unrecognised', '');
      const arrived = (queue: string) =>
        new Promise<string>((resolve) => {
          void channel.consume(queue, (message) => message && resolve(message.content.toString()), { noAck: false });
        });
      await channel.consume('stock.reserve-stock', (message) => message && channel.reject(message, false));
      channel.sendToQueue('stock.reserve-stock', Buffer.from('poison'), { persistent: true });
      channel.publish('storefront', 'storefront.no-such-thing.v1', Buffer.from('stray'), { persistent: true });
      expect(await Promise.all([arrived('stock.dead'), arrived('sales.unrecognised')])).toEqual(['poison', 'stray']);
      await connection.close();
      await dropVhost(servers.broker, 'dead-letters');
    });

    it('has the queues of all departments, and takes from them what they were bound to before', async () => {
      const url = await ensureVhost(servers.broker, 'queues');
      await ensureQueues(url);
      const connection = await connect(url);
      const channel = await connection.createChannel();
      const bindings = () => callManagement(servers.broker, 'GET', 'bindings/queues');
      const before = await bindings();
      await channel.bindQueue('billing.charge-customer', 'retaguarda', 'billing.receivable-opened.v1');
      await ensureQueues(url);
      expect(await bindings()).toEqual(before);
      await connection.close();
      await dropVhost(servers.broker, 'queues');
    });

    it('must exist where the management API is out of reach; then its exchanges are declared over AMQP', async () => {
      await callManagement(servers.broker, 'PUT', 'vhosts/bare', {});
      await callManagement(servers.broker, 'PUT', `permissions/bare/${servers.broker.user}`, {
        ...{ configure: '.*', write: '.*', read: '.*' },
      });
      const withoutApi = { ...servers.broker, managementUrl: undefined };
      const reported: string[] = [];
      await ensureVhost(withoutApi, 'bare', (line) => void reported.push(line));
      expect(await callManagement(servers.broker, 'GET', 'exchanges/bare/storefront')).toMatchObject({ type: 'topic' });
      expect(reported.join()).toContain('not applied: sales, stock');
      await expect(ensureVhost(withoutApi, 'nowhere')).rejects.toThrow('rabbitmqctl add_vhost nowhere');
      await dropVhost(servers.broker, 'bare');
    });
  });

  describe('the users of a virtual host', () => {
    const reported: string[] = [];
    const report = (line: string) => void reported.push(line);
    const nothing = { configure: '^$', write: '^$', read: '^$' };
    const user = (name: string, tags: string[]) =>
      callManagement(servers.broker, 'PUT', `users/${name}`, { password: 'theirs', tags: tags.join(',') });

    beforeEach(() => void (reported.length = 0));
    beforeAll(() => ensureVhost(servers.broker, 'loja'));
    afterAll(() => dropVhost(servers.broker, 'loja'));

    it('are the same on every start, and the monitor sees queues without their messages, and how long the broker is up', async () => {
      const { urlOf, isShared } = await ensureUsers(servers.broker, 'loja', report);
      expect((await ensureUsers(servers.broker, 'loja', report)).urlOf('stock')).toBe(urlOf('stock'));
      await (await connect(urlOf('stock'))).close();
      const { username, password } = new URL(urlOf(monitorUser));
      const monitor = { ...servers.broker, user: username, password };
      expect(await callManagement(monitor, 'GET', 'queues/loja')).toMatchObject([{ name: 'retaguarda.journal' }]);
      // The broker's statistics of itself begin some seconds after its start.
      const nodes = () => callManagement(monitor, 'GET', 'nodes?columns=uptime') as Promise<{ uptime?: number }[]>;
      const uptime = async () => (await nodes())[0]?.uptime || undefined;
      expect(await eventually(uptime, 30_000, 250)).toEqual(expect.any(Number));
      await expect(callManagement(monitor, 'GET', 'users')).rejects.toThrow('401');
      expect([isShared, reported]).toEqual([false, []]);
    });

    it('are not made, and the line says why, without an administrator, an API, or over a user of somebody else', async () => {
      const known = await ensureUsers(servers.broker, 'loja', report);
      await user('simple', ['management']);
      await callManagement(servers.broker, 'PUT', 'permissions/loja/simple', nothing);
      const simple = { ...servers.broker, user: 'simple', password: 'theirs' };
      const withoutApi = { ...servers.broker, managementUrl: undefined };
      for (const broker of [simple, withoutApi])
        expect(await ensureUsers(broker, 'loja', report)).toMatchObject({ isShared: true });
      await user('stock', []);
      const shared = await ensureUsers(servers.broker, 'loja', report);
      expect(shared.urlOf('stock')).toBe(`${servers.broker.url}/loja`);
      expect(reported).toEqual([
        expect.stringContaining('simple is no administrator'),
        expect.stringContaining('there is no management API'),
        expect.stringContaining('its user stock is not ours'),
      ]);
      await expect(connect(known.urlOf('stock'))).rejects.toThrow(/403|ACCESS/i);
      for (const name of ['simple', 'stock']) await callManagement(servers.broker, 'DELETE', `users/${name}`);
    });

    it('are one more for each storefront that is added, until it is removed', async () => {
      const url = await ensureStorefront(servers.broker, 'loja', 'feira-9');
      expect(await ensureStorefront(servers.broker, 'loja', 'feira-9')).toBe(url);
      const connection = await connect(url);
      await (await connection.createChannel()).assertQueue('storefront.feira-9.orders', { exclusive: true });
      await connection.close();
      await removeStorefront(servers.broker, 'feira-9');
      await expect(connect(url)).rejects.toThrow(/403|ACCESS/i);
      await expect(removeStorefront(servers.broker, 'feira-9')).rejects.toThrow('There is no user storefront.feira-9');
      for (const name of ['', 'a.b', 'Loja', '.*'])
        await expect(ensureStorefront(servers.broker, 'loja', name)).rejects.toThrow("is no storefront's name");
    });
  });

  describe('a database', () => {
    const canConnect = async (connectionString: string) => {
      const client = new pg.Client({ connectionString });
      await client.connect();
      const { rows } = await client.query<{ owner: string }>('select current_user as owner');
      await client.query('create table proof (id int)');
      await client.end();
      return rows[0]?.owner;
    };

    it('belongs to the role of its name, and no other role gets in', async () => {
      const both = ['retaguarda_a', 'retaguarda_b'].map((name) => ensureDatabase(servers.database, name));
      const [a, b] = (await Promise.all(both)) as [string, string];
      expect(await canConnect(a)).toBe('retaguarda_a');
      expect(await ensureDatabase(servers.database, 'retaguarda_a')).toBe(a);
      for (const elsewhere of ['/retaguarda_b', '/postgres', '/template1']) {
        const url = Object.assign(new URL(a), { pathname: elsewhere });
        await expect(canConnect(url.href)).rejects.toThrow(/permission denied for database/);
      }
      await expect(canConnect(b.replace(/:[0-9a-f]{40}@/, `:${new URL(a).password}@`))).rejects.toThrow(/password/);
      for (const name of ['retaguarda_a', 'retaguarda_b']) await dropDatabase(servers.database, name);
      await expect(canConnect(a)).rejects.toThrow();
    });

    it('is on a server that flushes to disk and asks for a password', async () => {
      const client = new pg.Client({ connectionString: servers.database.adminUrl });
      await client.connect();
      const { rows } = await client.query(`select current_setting('fsync') as fsync,
        current_setting('max_connections') as connections, current_setting('listen_addresses') as listens,
        (select bool_and(auth_method = 'scram-sha-256') from pg_hba_file_rules) as scram`);
      await client.end();
      expect(rows).toEqual([{ fsync: 'on', connections: '200', listens: '127.0.0.1', scram: true }]);
    });
  });

  it('leave no process, no lock and no data behind when they are stopped', async () => {
    const pids = [...servers.broker.pids, ...servers.database.pids];
    expect(pids.length).toBeGreaterThanOrEqual(3);
    await servers.stop();
    expect(pids.filter((pid) => startOf(pid) !== undefined)).toEqual([]);
    expect(['lock', 'rabbitmq', 'postgres'].filter((name) => existsSync(join(stateDir, name)))).toEqual([]);
    const { processes } = JSON.parse(readFileSync(join(stateDir, 'infrastructure.json'), 'utf8')) as {
      processes: unknown;
    };
    expect(processes).toEqual({ broker: [], database: [] });
  });
});
