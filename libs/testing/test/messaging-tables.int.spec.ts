import { dataSourceOf, migrate } from '@retaguarda/database';
import { messagingMigrations } from '@retaguarda/messaging';
import { freshDatabase } from '../src/index.js';
import { order, parkAll } from './parked-orders.js';
import { messageOf } from '../src/index.js';

describe('the tables of messaging', () => {
  it('of a database that was there before take the later migrations with what is parked in them', async () => {
    const url = await freshDatabase('bakery');
    const open = (migrations: typeof messagingMigrations) =>
      dataSourceOf({ url, entities: [], migrations, applicationName: 'spec' }).initialize();
    const before = await open(messagingMigrations.slice(0, 1));
    await migrate(before);
    await parkAll(before, [messageOf(order(1))], { reasons: [{ field: '', problem: 'Error: 12 loaves are missing' }] });
    const envelopes = JSON.stringify([{ id: 'a', note: 'Pão  de "queijo"' }]);
    await before.query('insert into outbox (id, envelopes, leased_until) values (gen_random_uuid(), $1, now())', [
      envelopes,
    ]);
    await before.destroy();
    const after = await open(messagingMigrations);
    const later = ['ParkedMessages1764000000001', 'Recovery1764000000002', 'OutboxAsText1764000000003'];
    expect(await migrate(after)).toEqual(later);
    expect(await after.query('select envelopes from outbox')).toEqual([{ envelopes }]);
    expect(await after.query('select problem, length(group_key) as length, follows from parked')).toEqual([
      { problem: 'Error: # loaves are missing', length: 32, follows: null },
    ]);
    for (let undone = 0; undone < later.length; undone += 1) await after.undoLastMigration();
    expect(await after.query('select envelopes from outbox')).toEqual([{ envelopes: JSON.parse(envelopes) }]);
    expect(await after.query('select state, cause from parked')).toEqual([
      { state: 'parked', cause: 'attempts used up' },
    ]);
    await after.destroy();
  });
});
