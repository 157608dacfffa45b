import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Since when an answer is waited for, on the database's clock: whose clock is off does not ask too late. What waits
 * already goes on as before, but for no longer than an hour.
 */
export class WaitingSince1764000005002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table refunds add column waiting_since timestamptz not null default now();
      alter table charges add column waiting_since timestamptz not null default now();
      update refunds set waiting_since = least(requested_at, now()),
             next_try_at = least(next_try_at, now() + interval '1 hour') where state = 'requested';
      update charges set waiting_since = least(requested_at, now()),
             next_ask_at = least(next_ask_at, now() + interval '1 hour') where state in ('requested', 'pending', 'unknown');
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table refunds drop column waiting_since; alter table charges drop column waiting_since');
  }
}
