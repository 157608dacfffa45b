import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { departments, findDepartment, findRunningSystem } from './running-system.js';

describe('the system that is audited', () => {
  let state: string;
  beforeEach(async () => void (state = await mkdtemp(join(tmpdir(), 'audit-'))));
  afterEach(() => rm(state, { recursive: true }));

  const databases = Object.fromEntries(departments.map((name) => [name, `postgres://r@127.0.0.1:1/${name}`]));
  const write = (content: unknown) => writeFile(join(state, 'run.json'), JSON.stringify(content));
  const find = (environment = {}) => findRunningSystem({ RETAGUARDA_STATE_DIR: state, ...environment });

  it('is the one that the launcher runs', async () => {
    const broker = { url: 'amqp://u:p@127.0.0.1:2/v', managementUrl: 'http://127.0.0.1:3' };
    const administrator = 'amqp://administrator@127.0.0.1/retaguarda';
    await write({ databases, brokerUrl: administrator, monitorUrl: broker.url, managementUrl: broker.managementUrl });
    expect(await find()).toEqual({ databases, broker });
  });

  it('is read by the role that may only read, where there is one', async () => {
    const auditDatabases = { ...databases, sales: 'postgres://reader@127.0.0.1:1/sales' };
    await write({ databases, auditDatabases });
    expect(await find()).toEqual({ databases: auditDatabases });
  });

  it('is the one that the environment names, one department after the other', async () => {
    await write({ databases });
    const elsewhere = 'postgresql://r@127.0.0.1:9/sales';
    expect(await find({ AUDIT_SALES_URL: elsewhere })).toEqual({ databases: { ...databases, sales: elsewhere } });
  });

  it.each([
    ['nothing', {}, /npm start first, or set AUDIT_SALES_URL, AUDIT_STOCK_URL, .*AUDIT_BILLING_URL\.$/],
    ['half of it', { AUDIT_SALES_URL: 'postgres://x/y' }, /or set AUDIT_STOCK_URL,/],
  ])('is not found with %s in the environment and no launcher running', async (_, environment, words) => {
    await expect(find(environment)).rejects.toThrow(words);
  });

  it('is refused without its password when an address is none', async () => {
    await write({ databases });
    await expect(find({ AUDIT_STOCK_URL: 'secret' })).rejects.toThrow(
      /^[^]*stock is no postgres:\/\/ URL(?![^]*secret)/,
    );
  });

  it('is refused when the launcher’s file is broken', async () => {
    await writeFile(join(state, 'run.json'), '{');
    await expect(find()).rejects.toThrow('is not JSON');
  });

  it('is changed by a replay with the role of the department and the administrator of the broker', async () => {
    const find = (environment = {}) => findDepartment({ RETAGUARDA_STATE_DIR: state, ...environment }, 'stock');
    expect(await find()).toEqual({ databaseUrl: undefined, brokerUrl: undefined });
    const auditDatabases = { stock: 'postgres://reader@127.0.0.1:1/stock' };
    await write({ databases, auditDatabases, brokerUrl: 'amqp://administrator@b', monitorUrl: 'amqp://monitor@b' });
    expect(await find()).toEqual({ databaseUrl: databases['stock'], brokerUrl: 'amqp://administrator@b' });
    const elsewhere = { REPLAY_DATABASE_URL: 'postgres://x/y', REPLAY_BROKER_URL: 'amqp://z' };
    expect(await find(elsewhere)).toEqual({ databaseUrl: 'postgres://x/y', brokerUrl: 'amqp://z' });
  });
});
