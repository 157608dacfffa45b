import { dataSourceOf, migrate } from '@retaguarda/database';
import { freshDatabase } from '../src/index.js';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const LIMITS = `current_setting('lock_timeout') as lock, current_setting('statement_timeout') as statement, current_setting('idle_in_transaction_session_timeout') as idle`;

class Limits1764000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create table limits as select ${LIMITS}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table limits');
  }
}

describe('the limits of a database connection', () => {
  it('end a wait for a lock, a statement or a transaction that hangs, but never a migration; two instances migrate once', async () => {
    const url = await freshDatabase('limits');
    const settings = { url, entities: [], migrations: [Limits1764000000001], applicationName: 'test' };
    const sources = [dataSourceOf(settings), dataSourceOf(settings)] as const;
    try {
      await Promise.all(sources.map((source) => source.initialize()));
      const ran = await Promise.all(sources.map((source) => migrate(source)));
      expect(ran.flat()).toEqual(['Limits1764000000001']);
      expect(await sources[0].query('select * from limits')).toEqual([{ lock: '0', statement: '0', idle: '0' }]);
      expect(await sources[0].query(`select ${LIMITS}`)).toEqual([{ lock: '2s', statement: '1min', idle: '1min' }]);
    } finally {
      await Promise.all(sources.map((source) => source.destroy()));
    }
  });
});
