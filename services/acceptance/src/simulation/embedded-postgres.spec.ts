import type pg from 'pg';
import { EmbeddedPostgres } from './embedded-postgres.js';

/** The server's own code is set up first: seconds, not milliseconds. */
const LIMIT_MS = 120_000;

describe('a Postgres in this process', () => {
  const clock = { ms: Date.parse('2026-03-02T12:00:00Z') };
  let server: EmbeddedPostgres;
  let client: pg.Client;
  let other: pg.Client;
  beforeAll(async () => {
    [server] = (await EmbeddedPostgres.openAll(1, clock)) as [EmbeddedPostgres];
    const { Client, ...access } = server.access;
    [client, other] = [new Client(access as never), new Client(access as never)];
    for (const one of [client, other]) await one.connect();
    await client.query('create table shelves (sku text primary key, quantity int not null check (quantity >= 0))');
  }, LIMIT_MS);
  afterAll(async () => {
    for (const one of [client, other]) await one.end();
    await server.close();
  }, LIMIT_MS);

  const put = (sku: string, quantity: number) =>
    client.query('insert into shelves (sku, quantity) values ($1, $2)', [sku, quantity]);
  const skus = async () => {
    const { rows } = await other.query<{ sku: string }>('select sku from shelves order by sku');
    return rows.map(({ sku }) => sku);
  };

  it('keeps what was committed and nothing of what was rolled back', async () => {
    await client.query('START TRANSACTION');
    await put('kept', 1);
    await client.query('COMMIT');
    await client.query('START TRANSACTION');
    await put('gone', 1);
    await client.query('ROLLBACK');
    expect(await skus()).toEqual(['kept']);
  });

  it('refuses what a constraint refuses, with its SQLSTATE, and goes on', async () => {
    await expect(put('kept', 2)).rejects.toMatchObject({ code: '23505', constraint: 'shelves_pkey' });
    await expect(put('less than nothing', -1)).rejects.toMatchObject({ code: '23514' });
    expect(await skus()).toEqual(['kept']);
  });

  it('holds a transaction that failed to be over', async () => {
    await client.query('START TRANSACTION');
    await put('undone', 1);
    await expect(put('kept', 2)).rejects.toMatchObject({ code: '23505' });
    await expect(put('too late', 1)).rejects.toMatchObject({ code: '25P02' });
    await client.query('ROLLBACK');
    expect(await skus()).toEqual(['kept']);
  });

  it('has no other time than its clock', async () => {
    const asked = `select now(), clock_timestamp() as clock, current_timestamp as current`;
    for (const ms of [clock.ms, clock.ms + 90_000, clock.ms - 3_600_000]) {
      clock.ms = ms;
      const { rows } = await client.query<Record<string, Date>>(asked);
      expect(rows).toMatchObject([{ now: new Date(ms), clock: new Date(ms), current: new Date(ms) }]);
    }
    expect(Math.abs(Date.now() - clock.ms)).toBeGreaterThan(3_600_000);
  });

  it('goes on with a statement that failed when it was first asked', async () => {
    const asked = 'insert into shelves (quantity, sku) values ($1, $2) returning sku, quantity';
    await expect(client.query(asked, [1, 'kept'])).rejects.toMatchObject({ code: '23505' });
    const { rows, rowCount, command } = await client.query(asked, [3, 'later']);
    expect({ rows, rowCount, command }).toEqual({
      rows: [{ sku: 'later', quantity: 3 }],
      rowCount: 1,
      command: 'INSERT',
    });
    await client.query('delete from shelves where sku = $1', ['later']);
  });

  it('makes the values of its rows as pg does', async () => {
    const asked = `select true as yes, null as nothing, 1.5::float8 as half, '{1,2}'::int[] as list, '{"a": [1]}'::jsonb as made`;
    const { rows } = await client.query(asked);
    expect(rows).toEqual([{ yes: true, nothing: null, half: 1.5, list: [1, 2], made: { a: [1] } }]);
  });

  it('prepares a statement once for each client and plans it anew when its table was emptied', async () => {
    await client.query('truncate shelves');
    expect(await skus()).toEqual([]);
    for (let quantity = 0; quantity < 20; quantity += 1) await put(`sku-${quantity}`, quantity);
    const { rows } = await client.query<{ sku: string }>('select sku from shelves order by sku');
    expect(rows).toHaveLength(20);
    expect(await skus()).toHaveLength(20);
    const prepared = await other.query<{ count: number }>('select count(*)::int as count from pg_prepared_statements');
    expect(prepared.rows[0]!.count).toBeGreaterThanOrEqual(4);
  });
});
