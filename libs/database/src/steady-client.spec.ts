import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import pg from 'pg';
import { dataSourceOf } from './database.js';
import { databaseFailure } from './failures.js';

const AUTHENTICATED = 'R\0\0\0\x08\0\0\0\0';
const READY = 'Z\0\0\0\x05I';
const TERMINATED = ((fields: string) => `E\0\0\0${String.fromCharCode(fields.length + 4)}${fields}`)(
  'SFATAL\0C57P01\0Mterminating connection due to administrator command\0\0',
);

describe('a session that is terminated in the breath in which it is made', () => {
  let server: Server;
  beforeAll(async () => {
    server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.write(AUTHENTICATED + READY + TERMINATED, 'latin1'));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterAll(() => void server.close());

  it('does not end the process: its first statement says that the database is away', async () => {
    const { port } = server.address() as AddressInfo;
    const { options } = dataSourceOf({ url: '', entities: [], migrations: [], applicationName: 'spec' });
    const pool = new pg.Pool({ host: '127.0.0.1', port, user: 'spec', ...(options.extra as pg.PoolConfig) });
    pool.on('error', () => undefined);
    const client = await pool.connect();
    const failure = await client.query('select 1').catch((error: unknown) => error);
    expect(databaseFailure(failure)).toBe('unavailable');
    client.release();
    await pool.end();
  });
});

describe('a connection on which the server has become silent', () => {
  let server: Server;
  let connections = 0;
  beforeAll(async () => {
    server = createServer((socket) => {
      connections += 1;
      socket.on('error', () => undefined);
      socket.once('data', () => socket.write(AUTHENTICATED + READY, 'latin1'));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterAll(() => void server.close());

  it('is not taken again: the next statement has a new one', async () => {
    const { port } = server.address() as AddressInfo;
    const { options } = dataSourceOf({ url: '', entities: [], migrations: [], applicationName: 'spec' });
    const extra = { ...(options.extra as pg.PoolConfig), query_timeout: 50 };
    const pool = new pg.Pool({ host: '127.0.0.1', port, user: 'spec', ...extra });
    pool.on('error', () => undefined);
    for (const expected of [1, 2]) {
      const client = await pool.connect();
      await expect(client.query('select 1')).rejects.toThrow('Query read timeout');
      client.release();
      expect(connections).toBe(expected);
    }
    await pool.end();
  });
});
