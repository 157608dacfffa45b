import type { MigrationInterface, QueryRunner } from 'typeorm';

export class SalesTables1764000002000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- No index names a fact that most orders come by one at a time, so that recording it stays an update in place.
      create table orders (
        id uuid primary key,
        channel text not null,
        external_id text not null,
        sheet jsonb not null,
        total bigint not null,
        currency text not null,
        reasons jsonb not null,
        placed_at timestamptz not null,
        reserved_at timestamptz,
        packed_at timestamptz,
        invoiced_at timestamptz,
        shipped_at timestamptz,
        paid_at timestamptz,
        completed_at timestamptz,
        rejected_at timestamptz,
        cancelled_at timestamptz,
        cancellation_requested_at timestamptz,
        cancellation_refused_at timestamptz,
        constraint orders_channel_external_id unique (channel, external_id),
        constraint orders_one_end check (num_nonnulls(completed_at, rejected_at, cancelled_at) <= 1),
        constraint orders_completed check (completed_at is null or (shipped_at is not null and paid_at is not null)),
        constraint orders_rejected check (rejected_at is null or reasons->'rejected'->0 is not null),
        constraint orders_cancelled check (cancelled_at is null or reasons->'cancelled'->0 is not null),
        constraint orders_total check (total >= 0)
      ) with (fillfactor = 70);
      create index orders_open on orders (id)
        where completed_at is null and rejected_at is null and cancelled_at is null;
      create index orders_ended_early on orders (id) where rejected_at is not null or cancelled_at is not null;

      create table idempotency_keys (
        key text primary key,
        fingerprint text not null,
        request_id uuid not null,
        order_id uuid not null,
        status text not null,
        used_at timestamptz not null
      );
      create index idempotency_keys_used_at on idempotency_keys (used_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table idempotency_keys, orders');
  }
}
