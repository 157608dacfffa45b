import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Since when an answer is waited for, on the database's clock: whose clock is off does not ask too late. */
export class WaitingSince1764000005002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table charges add column waiting_since timestamptz not null default now();
      alter table refunds add column waiting_since timestamptz not null default now();
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table charges drop column waiting_since; alter table refunds drop column waiting_since');
  }
}
