import type { MigrationInterface, QueryRunner } from 'typeorm';

export class FulfillmentTables1764000002000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table pick_lists (
        id uuid primary key,
        order_id uuid not null,
        channel text not null,
        external_id text not null,
        status text not null,
        method text,
        sheet jsonb,
        invoice jsonb,
        stop_reason text,
        opened_at timestamptz not null,
        changed_at timestamptz not null,
        packed_at timestamptz,
        left_at timestamptz,
        refused_at timestamptz,
        constraint pick_lists_order unique (order_id),
        constraint pick_lists_status check (status in ('open', 'picking', 'packed', 'ready', 'shipped', 'stopped')),
        constraint pick_lists_method check (method in ('ship', 'pickup', 'none')),
        constraint pick_lists_sheet check (status = 'stopped' or (sheet is not null and method is not null)),
        constraint pick_lists_packed check (status = 'stopped' or (packed_at is null) = (status in ('open', 'picking'))),
        constraint pick_lists_left check (
          case when left_at is null then status <> 'shipped' else status in ('ready', 'shipped') end)
      );
      create index pick_lists_by_status on pick_lists (status, id);

      create table pick_list_lines (
        pick_list_id uuid not null,
        position int not null,
        line int not null,
        sku text not null,
        name text not null,
        kind text not null,
        location text,
        quantity int not null,
        picked int not null,
        primary key (pick_list_id, position),
        constraint pick_list_lines_kind check (kind in ('goods', 'service')),
        constraint pick_list_lines_picked check (quantity > 0 and picked >= 0 and picked <= quantity)
      );

      create table scans (
        id uuid primary key,
        pick_list_id uuid not null,
        code text not null,
        quantity int not null,
        wanted int not null,
        verdict text not null,
        scanned_at timestamptz not null,
        constraint scans_verdict check (verdict in ('picked', 'wrong-item', 'too-many'))
      );
      create index scans_by_pick_list on scans (pick_list_id);

      create table shortages (
        pick_list_id uuid not null,
        sku text not null,
        reason text not null,
        quantity int not null,
        note text,
        reported_at timestamptz not null,
        primary key (pick_list_id, sku, reason),
        constraint shortages_reason check (reason in ('not-on-shelf', 'damaged', 'expired', 'other')),
        constraint shortages_quantity check (quantity > 0)
      );

      create table parcels (
        id uuid primary key,
        order_id uuid not null,
        lines jsonb not null,
        carrier text,
        tracking_code text,
        dispatched_at timestamptz,
        constraint parcels_dispatched check (
          num_nonnulls(carrier, tracking_code, dispatched_at) in (0, 3))
      );
      create index parcels_by_order on parcels (order_id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table parcels, shortages, scans, pick_list_lines, pick_lists');
  }
}
