import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The tables of the pipeline, in each department's own database. Written as SQL, because nothing but the pipeline
 * reads them and none of them is an entity.
 */
export class MessagingTables1764000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table inbox (
        step text not null,
        message_key text not null,
        handled_at timestamptz not null default now(),
        primary key (step, message_key)
      );
      create index inbox_handled_at on inbox using brin (handled_at);

      create table outbox (
        id uuid primary key,
        envelopes json not null,
        created_at timestamptz not null default now(),
        leased_until timestamptz not null,
        attempts int not null default 0,
        last_error text
      );

      create table deferred (
        step text not null,
        message_key text not null,
        exchange text not null,
        routing_key text not null,
        content_type text,
        message_id text,
        headers jsonb not null,
        body bytea not null,
        attempts int not null,
        early int not null default 0,
        reason text not null,
        first_failed_at timestamptz not null,
        next_attempt_at timestamptz not null,
        leased_until timestamptz,
        primary key (step, message_key)
      );
      create index deferred_next_attempt_at on deferred (next_attempt_at);

      create table suspects (
        step text not null,
        message_key text not null,
        started int not null,
        last_started_at timestamptz not null default now(),
        primary key (step, message_key)
      );

      create table parked (
        id uuid primary key,
        step text not null,
        message_key text not null,
        type text,
        subject text,
        exchange text not null,
        routing_key text not null,
        content_type text,
        message_id text,
        headers jsonb not null,
        body bytea not null,
        cause text not null,
        reasons jsonb not null,
        attempts int not null,
        occurrences int not null default 1,
        parked_at timestamptz not null default now(),
        state text not null default 'parked' check (state in ('parked', 'redriven', 'discarded')),
        resolved_at timestamptz,
        resolved_by text,
        resolution text,
        check ((state = 'parked') = (resolved_at is null))
      );
      create unique index parked_open on parked (step, message_key) where state = 'parked';
      create index parked_state on parked (state, parked_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table parked, suspects, deferred, outbox, inbox');
  }
}

/**
 * Parked messages as a first-class thing: `problem` is the normal form of the reasons (numbers, ids and addresses become
 * `#`), `group_key` what a group has in common, `follows` the parking that a re-driven message comes from, `redrive_id`
 * the re-drive that a message is in. Generated columns, so that rows of before have them too and no writer can forget.
 */
export class ParkedMessages1764000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create function parked_problem(reasons jsonb) returns text immutable strict parallel safe language sql as $$
        select left(coalesce(string_agg(problem, '; ' order by problem), ''), 500) from (
          select distinct regexp_replace(regexp_replace(
                   trim(concat(reason->>'field', ' ', reason->>'problem')),
                   '[^[:space:]@"<>]+@[^[:space:]@"<>]+', '#', 'g'),
                   '[[:alnum:]_-]*[0-9][[:alnum:]_-]*([.,/][0-9][[:alnum:]_-]*)*', '#', 'g') as problem
            from jsonb_array_elements(case jsonb_typeof(reasons) when 'array' then reasons else '[]' end) as r(reason)) t
      $$;

      create table redrives (
        id uuid primary key,
        choice jsonb not null,
        selected int not null,
        rate_per_second int,
        canary int not null,
        asked_by text not null,
        why text not null,
        state text not null default 'running' check (state in ('running', 'paused', 'cancelled', 'finished')),
        trial_since timestamptz,
        paused_because text,
        released int not null default 0,
        history jsonb not null default '[]',
        started_at timestamptz not null default clock_timestamp(),
        next_at timestamptz not null default clock_timestamp(),
        ended_at timestamptz,
        check ((state in ('cancelled', 'finished')) = (ended_at is not null))
      );
      create index redrives_running on redrives (next_at) where state = 'running';

      alter table parked
        drop constraint parked_state_check,
        add constraint parked_state_check check (state in ('parked', 'redriven', 'replaced', 'discarded')),
        add column problem text generated always as (parked_problem(reasons)) stored,
        add column group_key text generated always as (
          md5(step || '|' || cause || '|' || coalesce(type, '') || '|' || parked_problem(reasons))) stored,
        add column follows uuid,
        add column replaced_by text,
        add column redrive_id uuid references redrives,
        add constraint parked_replaced check ((state = 'replaced') = (replaced_by is not null));
      create index parked_group on parked (group_key, parked_at) where state = 'parked';
      create index parked_follows on parked (follows) where follows is not null;
      create index parked_left on parked (redrive_id, id) where state = 'parked' and redrive_id is not null;
      create index parked_redriven on parked (redrive_id, resolved_at) where redrive_id is not null;

      alter table deferred add column parked_id uuid;
      create index deferred_parked on deferred (parked_id) where parked_id is not null;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table deferred drop column parked_id;
      update parked set state = 'discarded' where state = 'replaced';
      alter table parked
        drop column redrive_id, drop column replaced_by, drop column follows, drop column group_key, drop column problem,
        drop constraint parked_state_check,
        add constraint parked_state_check check (state in ('parked', 'redriven', 'discarded'));
      drop table redrives;
      drop function parked_problem;
    `);
  }
}

/**
 * What a recovery needs. `journal`: what the transaction did, until it is sent to the journal; `events_sent`: the row waits
 * for that alone. `replays`: transactions of
 * before the database was set back, to be done again in the order of `position` before anything else is.
 */
export class Recovery1764000000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table outbox
        add column journal text,
        add column events_sent boolean not null default false,
        add column written_at timestamptz not null default clock_timestamp();

      create table replays (
        entry_id uuid primary key,
        position bigint generated always as identity,
        step text not null,
        cause text not null check (cause in ('messages', 'door', 'clock')),
        at timestamptz not null,
        messages json not null,
        answers json,
        events json not null,
        problem text
      );
      create unique index replays_position on replays (position);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'drop table replays; alter table outbox drop column journal, drop column events_sent, drop column written_at',
    );
  }
}

/**
 * The outbox keeps its events as the text that they are: to read it as JSON and to compress it with Postgres' own method
 * cost more than all else about the row (README). Where Postgres has no lz4, its own method stays.
 */
export class OutboxAsText1764000000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table outbox alter column envelopes type text;
      do $$ begin
        alter table outbox alter column envelopes set compression lz4, alter column journal set compression lz4;
      exception when feature_not_supported then null;
      end $$;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table outbox
        alter column envelopes type json using envelopes::json,
        alter column journal set compression default;
    `);
  }
}

/** The migrations of the pipeline's tables; every department runs them before its own. */
export const messagingMigrations = [
  MessagingTables1764000000000,
  ParkedMessages1764000000001,
  Recovery1764000000002,
  OutboxAsText1764000000003,
];
