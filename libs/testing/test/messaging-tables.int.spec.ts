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
    await before.destroy();
    const after = await open(messagingMigrations);
    expect(await migrate(after)).toEqual(['ParkedMessages1764000000001', 'Recovery1764000000002']);
    expect(await after.query('select problem, length(group_key) as length, follows from parked')).toEqual([
      { problem: 'Error: # loaves are missing', length: 32, follows: null },
    ]);
    await after.undoLastMigration();
    await after.undoLastMigration();
    expect(await after.query('select state, cause from parked')).toEqual([
      { state: 'parked', cause: 'attempts used up' },
    ]);
    await after.destroy();
  });
});
