import { connect } from 'amqplib';
import pg from 'pg';
import { freshDatabase, freshVhost, testServers } from './index.js';

describe('a spec with real servers', () => {
  it('gets a virtual host that nobody else uses', async () => {
    const [one, other] = [await freshVhost(), await freshVhost()];
    expect(one).not.toBe(other);
    expect(one.startsWith(`${testServers().broker.url}/`)).toBe(true);
    const connection = await connect(one);
    await (await connection.createChannel()).checkExchange('storefront');
    await connection.close();
  });

  it('gets a database that nobody else uses', async () => {
    const [one, other] = [await freshDatabase('stock'), await freshDatabase('stock')];
    expect(one).not.toBe(other);
    const client = new pg.Client({ connectionString: one });
    await client.connect();
    const { rows } = await client.query('select current_user = current_database() as "ownsItsDatabase"');
    expect(rows).toEqual([{ ownsItsDatabase: true }]);
    await client.end();
  });
});
