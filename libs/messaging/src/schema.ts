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
