import type { Tx } from '@retaguarda/database';
import type { DataSource } from 'typeorm';
import { storable, storableJson } from '../parked/storable.js';
import type { Incoming } from '../pipeline/step.js';

export interface Deferral {
  /** What the message opens to; one that comes from `deferred` stays in its own row, whatever that is called. */
  readonly key: string;
  readonly raw: Incoming;
  readonly attempts: number;
  readonly early: number;
  readonly reason: string;
  readonly delayMs: number;
}

export interface DueMessage {
  readonly step: string;
  readonly key: string;
  readonly raw: Incoming;
}

/**
 * How long a message is kept from other instances, unless its lease is renewed: so long it waits in vain when the
 * connection is lost on which it was leased.
 */
export const LEASE_SECONDS = 30;

/**
 * Puts messages aside in the department's own database, so that no queue waits for them. A copy from the broker of a
 * message that waits already takes no attempt back and does not touch the lease of whoever is at work on it.
 */
export async function defer(tx: Tx, step: string, deferrals: readonly Deferral[]): Promise<void> {
  for (const { key, raw, attempts, early, reason, delayMs } of deferrals) {
    await tx.query(
      `insert into deferred (step, message_key, exchange, routing_key, content_type, message_id, headers, body,
                             attempts, early, reason, first_failed_at, next_attempt_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, clock_timestamp() + make_interval(secs => $13))
       on conflict (step, message_key) do update
          set attempts = case when $14 then excluded.attempts else greatest(deferred.attempts, excluded.attempts) end,
              early = case when $14 then excluded.early else greatest(deferred.early, excluded.early) end,
              next_attempt_at = case when $14 then excluded.next_attempt_at else deferred.next_attempt_at end,
              leased_until = case when $14 then null else deferred.leased_until end,
              reason = excluded.reason`,
      [
        step,
        raw.deferredKey ?? key,
        storable(raw.exchange),
        storable(raw.routingKey),
        raw.contentType ? storable(raw.contentType) : null,
        raw.messageId ? storable(raw.messageId) : null,
        storableJson(raw.headers),
        raw.body,
        attempts,
        early,
        storable(reason).slice(0, 1_000),
        raw.firstFailedAt ?? tx.now,
        delayMs / 1_000,
        raw.deferredKey !== undefined,
      ],
    );
  }
}

/** Ends deferrals within the transaction that handles or parks their messages; those from the broker have none. */
export async function settleDeferred(tx: Tx, step: string, settled: readonly Incoming[]): Promise<void> {
  const keys = settled.flatMap(({ deferredKey }) => deferredKey ?? []);
  if (keys.length === 0) return;
  await tx.query('delete from deferred where step = $1 and message_key = any($2::text[])', [step, keys]);
}

interface DeferredRow {
  step: string;
  message_key: string;
  exchange: string;
  routing_key: string;
  content_type: string | null;
  message_id: string | null;
  headers: Record<string, unknown>;
  body: Buffer;
  attempts: number;
  early: number;
  first_failed_at: Date;
  parked_id: string | null;
  lease_ran_out: boolean;
}

/**
 * Leases messages whose time has come, but for those of some steps. A lease that ran out says that its holder died over
 * the message.
 */
export async function takeDue(source: DataSource, limit: number, butFor: readonly string[]): Promise<DueMessage[]> {
  const [rows] = (await source.query(
    `with due as (
       select step, message_key, leased_until is not null as lease_ran_out from deferred
        where next_attempt_at <= clock_timestamp() and (leased_until is null or leased_until < clock_timestamp())
          and step <> all($2::text[])
        order by next_attempt_at limit $1 for update skip locked)
     update deferred d set leased_until = clock_timestamp() + make_interval(secs => ${LEASE_SECONDS})
       from due where d.step = due.step and d.message_key = due.message_key
     returning d.step, d.message_key, d.exchange, d.routing_key, d.content_type, d.message_id, d.headers, d.body,
               d.attempts, d.early, d.first_failed_at, d.parked_id, due.lease_ran_out`,
    [limit, butFor],
  )) as [DeferredRow[], number];
  return rows.map((row) => ({ step: row.step, key: row.message_key, raw: incomingOf(row) }));
}

/**
 * Goes on keeping these messages. One that is handled by now is gone; one that waits again counts more attempts, and
 * whoever has it then keeps it himself. What is just being finished is passed over.
 */
export async function renewLeases(source: DataSource, held: readonly { step: string; raw: Incoming }[]): Promise<void> {
  await source.query(
    `with held as (
       select d.step, d.message_key
         from deferred d
         join unnest($1::text[], $2::text[], $3::int[], $4::int[]) as h(step, message_key, attempts, early)
              using (step, message_key, attempts, early)
          for update of d skip locked)
     update deferred d set leased_until = clock_timestamp() + make_interval(secs => ${LEASE_SECONDS})
       from held where d.step = held.step and d.message_key = held.message_key`,
    [
      held.map(({ step }) => step),
      held.map(({ raw }) => raw.deferredKey),
      held.map(({ raw }) => raw.attempts),
      held.map(({ raw }) => raw.early),
    ],
  );
}

function incomingOf(row: DeferredRow): Incoming {
  return {
    exchange: row.exchange,
    routingKey: row.routing_key,
    contentType: row.content_type ?? undefined,
    messageId: row.message_id ?? undefined,
    headers: row.headers,
    body: row.body,
    mayHaveCrashed: row.lease_ran_out,
    attempts: row.attempts,
    early: row.early,
    fromDeferred: true,
    deferredKey: row.message_key,
    firstFailedAt: row.first_failed_at,
    parkedId: row.parked_id ?? undefined,
  };
}

/** Milliseconds until the next deferred message is due, or undefined when none waits. */
export async function nextDueMs(source: DataSource): Promise<number | undefined> {
  const [row] = (await source.query(
    `select extract(epoch from min(greatest(next_attempt_at, coalesce(leased_until, next_attempt_at)))
                               - clock_timestamp()) * 1000 as ms from deferred`,
  )) as { ms: string | null }[];
  return row?.ms == null ? undefined : Math.max(0, Number(row.ms));
}
