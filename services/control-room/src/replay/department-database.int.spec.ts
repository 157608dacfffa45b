import { dataSourceOf, migrate } from '@retaguarda/database';
import { messagingMigrations } from '@retaguarda/messaging';
import { freshDatabase } from '@retaguarda/testing';
import type { DataSource } from 'typeorm';
import { DepartmentDatabase } from './department-database.js';

const STEP = 'stock.reserve-stock';

describe('the database of a department that is to be healed', () => {
  let source: DataSource;
  let database: DepartmentDatabase;
  beforeAll(async () => {
    const url = await freshDatabase('stock');
    source = dataSourceOf({ url, entities: [], migrations: messagingMigrations, applicationName: 'spec' });
    await source.initialize();
    await migrate(source);
    database = await DepartmentDatabase.open('stock', url);
  });
  afterAll(async () => {
    await database?.close();
    await source?.destroy();
  });

  const park = (key: string, state: string, messageId: string | null = key, step = STEP) =>
    source.query(
      `insert into parked (id, step, message_key, message_id, exchange, routing_key, headers, body, cause, reasons, attempts,
                           state, resolved_at, replaced_by)
       values (gen_random_uuid(), $1, $2, $3, '', '', '{}', '', 'invalid', '[]', 1, $4,
               case when $4 <> 'parked' then now() end, case when $4 = 'replaced' then gen_random_uuid() end)`,
      [step, key, messageId, state],
    );

  it('knows what people have decided about: none of it is given back, unless they did so themselves', async () => {
    for (const state of ['parked', 'discarded', 'replaced', 'redriven']) await park(state, state);
    await park('#hash', 'parked', 'dead letter');
    await park('of another step', 'parked', null, 'stock.take-from-shelf');
    const keys = ['parked', 'discarded', 'replaced', 'redriven', 'dead letter', 'of another step', 'unheard of'];
    const isAside = await database.aside(new Map([[STEP, keys]]));
    expect(keys.filter((key) => isAside(STEP, key))).toEqual(['parked', 'discarded', 'replaced', 'dead letter']);
  });
});
