import type { MigrationInterface, QueryRunner } from 'typeorm';

export class StockTables1764000001000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table items (
        sku text primary key,
        name text not null,
        announced bigint
      );

      create table levels (
        sku text not null,
        location text not null,
        on_hand int not null,
        reserved int not null,
        primary key (sku, location),
        constraint levels_reserved_on_hand check (reserved >= 0 and reserved <= on_hand)
      ) with (fillfactor = 70);

      create table movements (
        id bigint generated always as identity primary key,
        sku text not null,
        location text not null,
        kind text not null,
        quantity int not null,
        reference text not null,
        moved_at timestamptz not null,
        constraint movements_kind check (kind in ('receipt', 'sale', 'return', 'count')),
        constraint movements_quantity check (quantity <> 0)
      );
      create index movements_sku on movements (sku, id);

      create table receipts (
        reference text primary key,
        location text not null,
        lines jsonb not null,
        received_at timestamptz not null
      );

      create table counts (
        reference text primary key,
        location text not null,
        lines jsonb not null,
        counted_at timestamptz not null
      );

      create table reservations (
        order_id uuid primary key,
        status text not null,
        decided_at timestamptz not null,
        changed_at timestamptz not null,
        constraint reservations_status check (status in ('reserved', 'rejected', 'taken', 'released', 'returned'))
      );

      create table reservation_lines (
        order_id uuid not null,
        sku text not null,
        location text not null,
        quantity int not null,
        primary key (order_id, sku, location),
        constraint reservation_lines_quantity check (quantity > 0)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table reservation_lines, reservations, counts, receipts, movements, levels, items');
  }
}
