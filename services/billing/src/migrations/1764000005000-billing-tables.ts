import type { MigrationInterface, QueryRunner } from 'typeorm';

export class BillingTables1764000005000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table receivables (
        id uuid primary key,
        order_id uuid not null,
        invoice_id uuid not null,
        amount bigint not null,
        paid bigint not null,
        currency text not null,
        terms text not null,
        method text not null,
        due_on date not null,
        status text not null,
        void_reason text,
        opened_at timestamptz not null,
        constraint receivables_order unique (order_id),
        constraint receivables_invoice unique (invoice_id),
        constraint receivables_paid check (paid >= 0 and paid <= amount),
        constraint receivables_status check (status in ('open', 'paid', 'void')),
        constraint receivables_settled check (status = 'void' or (status = 'paid') = (paid = amount))
      ) with (fillfactor = 80);

      create table instalments (
        receivable_id uuid not null,
        number int not null,
        amount bigint not null,
        due_on date not null,
        primary key (receivable_id, number),
        constraint instalments_amount check (amount > 0)
      );

      create table charges (
        receivable_id uuid primary key,
        amount bigint not null,
        currency text not null,
        method text not null,
        installments int not null,
        state text not null,
        provider_reference text,
        requested_at timestamptz not null,
        next_ask_at timestamptz not null,
        constraint charges_amount check (amount > 0),
        constraint charges_state check (state in ('requested', 'pending', 'paid', 'refused', 'unknown'))
      ) with (fillfactor = 80);
      create index charges_to_ask on charges (next_ask_at) where state in ('pending', 'unknown');

      create table payments (
        id uuid primary key,
        provider text not null,
        reference text not null,
        stated_for text not null,
        receivable_id uuid,
        amount bigint not null,
        currency text not null,
        applied bigint not null,
        refunded bigint not null,
        problem text,
        paid_at timestamptz not null,
        recorded_at timestamptz not null,
        constraint payments_reference unique (provider, reference),
        constraint payments_applied check (applied >= 0 and applied <= amount),
        constraint payments_refunded check (refunded >= 0 and refunded <= amount),
        constraint payments_matched check (applied = 0 or receivable_id is not null),
        constraint payments_problem check ((problem is null) = (applied = amount))
      ) with (fillfactor = 80);
      create index payments_receivable on payments (receivable_id);
      create index payments_unmatched on payments (id) where problem is not null;

      create table refunds (
        id uuid primary key,
        payment_id uuid not null,
        order_id uuid not null,
        receivable_id uuid not null,
        provider text not null,
        provider_reference text not null,
        amount bigint not null,
        currency text not null,
        reason text not null,
        state text not null,
        refund_reference text,
        problem text,
        requested_at timestamptz not null,
        next_try_at timestamptz not null,
        refunded_at timestamptz,
        constraint refunds_payment unique (payment_id),
        constraint refunds_amount check (amount > 0),
        constraint refunds_state check (state in ('requested', 'paid')),
        constraint refunds_refunded check ((state = 'paid') = (refunded_at is not null))
      );
      create index refunds_to_send on refunds (next_try_at) where state = 'requested';

      create table ledger_entries (
        id bigint generated always as identity primary key,
        kind text not null,
        debit_account text not null,
        credit_account text not null,
        amount bigint not null,
        currency text not null,
        receivable_id uuid,
        reference uuid not null,
        booked_at timestamptz not null,
        constraint ledger_entries_once unique (kind, reference),
        constraint ledger_entries_amount check (amount > 0),
        constraint ledger_entries_debit check (debit_account in ('receivables', 'revenue', 'cash', 'unmatched', 'refunds')),
        constraint ledger_entries_credit check (credit_account in ('receivables', 'revenue', 'cash', 'unmatched', 'refunds')),
        constraint ledger_entries_accounts check (debit_account <> credit_account)
      );

      create function ledger_is_append_only() returns trigger language plpgsql as $$
      begin
        raise exception 'The ledger is append-only: book a reversal instead of changing an entry.';
      end $$;
      create trigger ledger_entries_append_only before update or delete on ledger_entries
        for each row execute function ledger_is_append_only();
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table ledger_entries, refunds, payments, charges, instalments, receivables');
    await runner.query('drop function ledger_is_append_only');
  }
}
