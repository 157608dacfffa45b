import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The memory of the simulated payment provider, which plays a system of its own: billing never reads these. */
export class SimulatedProviderTables1764000005001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table simulated_charges (
        idempotency_key text primary key,
        amount bigint not null,
        currency text not null,
        method text not null,
        is_refused boolean not null,
        asked_at timestamptz not null
      );

      create table simulated_refunds (
        idempotency_key text primary key,
        charge_reference text not null,
        amount bigint not null,
        currency text not null,
        refunded_at timestamptz not null
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table simulated_refunds, simulated_charges');
  }
}
