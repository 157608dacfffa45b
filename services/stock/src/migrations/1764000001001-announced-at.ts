import type { MigrationInterface, QueryRunner } from 'typeorm';

export class AnnouncedAt1764000001001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table items add column announced_at timestamptz');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table items drop column announced_at');
  }
}
