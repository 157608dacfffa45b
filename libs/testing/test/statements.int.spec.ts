import { databaseFailure, dataSourceOf } from '@retaguarda/database';
import type { DataSource } from 'typeorm';
import { freshDatabase } from '../src/index.js';

describe('statements that a connection keeps', () => {
  let source: DataSource;
  beforeAll(async () => {
    const url = await freshDatabase('statements');
    source = await dataSourceOf({
      url,
      entities: [],
      migrations: [],
      applicationName: 'spec',
      poolSize: 1,
    }).initialize();
    await source.query('create table loaves (id int primary key, what text)');
    await source.query('insert into loaves select n, $1 from generate_series(1, 3) n', ['rye']);
  });
  afterAll(() => source.destroy());

  const loaf = (id: number) => source.query<{ what: string }[]>('select * from loaves where id = $1', [id]);

  it('are parsed once and planned for each call', async () => {
    for (let n = 0; n < 12; n += 1) expect(await loaf(1 + (n % 3))).toMatchObject([{ what: 'rye' }]);
    const kept = await source.query<object[]>(
      `select generic_plans::int, custom_plans::int from pg_prepared_statements where statement like 'select * from loaves%'`,
    );
    expect(kept).toEqual([{ generic_plans: 0, custom_plans: 12 }]);
  });

  it('go with their connection when the table has become another, which is no fault of the message', async () => {
    await loaf(1);
    await source.query('alter table loaves add column baked_on date');
    const failure = await loaf(1).catch((error: unknown) => error);
    expect(databaseFailure(failure)).toBe('conflict');
    expect(await loaf(1)).toEqual([{ id: 1, what: 'rye', baked_on: null }]);
  });

  it('go with their connection when somebody took them away', async () => {
    await loaf(2);
    await source.query('deallocate all');
    expect(databaseFailure(await loaf(2).catch((error: unknown) => error))).toBe('conflict');
    expect(await loaf(2)).toMatchObject([{ id: 2 }]);
  });
});
