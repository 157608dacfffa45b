import type { MigrationInterface, QueryRunner } from 'typeorm';

export class InvoicingTables1764000004000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table series (
        code text primary key,
        next_number int not null,
        constraint series_next_number check (next_number > 0)
      ) with (fillfactor = 50);
      insert into series (code, next_number) values ('1', 1);

      create function invoice_adds_up(lines jsonb, shipping_fee bigint, total bigint) returns boolean
        language sql immutable strict parallel safe
        as $$
          -- Never null, for a check takes null as a yes.
          select coalesce(sum(l.total) + shipping_fee = invoice_adds_up.total and bool_and(
                   coalesce(l.total >= 0 and l.total = l.quantity * l."unitPrice" - l.discount, false)), false)
            from jsonb_to_recordset(lines) as l(quantity bigint, "unitPrice" bigint, discount bigint, total bigint)
        $$;

      create table invoices (
        id uuid primary key,
        order_id uuid not null,
        channel text not null,
        external_id text not null,
        series text not null,
        number int not null,
        status text not null,
        currency text not null,
        customer jsonb not null,
        lines jsonb not null,
        shipping_fee bigint not null,
        total bigint not null,
        issued_at timestamptz not null,
        cancelled_at timestamptz,
        cancellation_reason text,
        constraint invoices_order unique (order_id),
        constraint invoices_number unique (series, number),
        constraint invoices_number_range check (number between 1 and 999999999),
        constraint invoices_status check (status in ('issued', 'cancelled')),
        constraint invoices_cancellation
          check ((status = 'cancelled') = (cancelled_at is not null and cancellation_reason is not null)),
        constraint invoices_total check (shipping_fee >= 0 and invoice_adds_up(lines, shipping_fee, total))
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table invoices, series; drop function invoice_adds_up');
  }
}
