import type { Tx } from '@retaguarda/database';
import type { DataSource } from 'typeorm';
import { v7 as uuid } from 'uuid';
import type { Sealed } from '../envelope/envelope.js';

/** One outbox row: the events of one transaction. */
export interface OutboxBatch {
  readonly id: string;
  readonly events: readonly Sealed[];
  /** How often a sweeper took it over; nothing for one that was just committed. */
  readonly attempts?: number;
}

/** How long the committing instance has before the sweeper of any instance takes the row over, on the database's clock. */
export const LEASE_SECONDS = 20;

/**
 * Writes the events of a transaction as one row. One row a batch and not one an event: it is deleted when all of it is
 * confirmed, and when part of it is sent twice the inboxes absorb the repeats.
 */
export async function enqueue(tx: Tx, events: readonly Sealed[]): Promise<OutboxBatch | undefined> {
  if (events.length === 0) return undefined;
  const id = uuid();
  await tx.query(
    `insert into outbox (id, envelopes, leased_until)
     values ($1, $2, clock_timestamp() + make_interval(secs => ${LEASE_SECONDS}))`,
    [id, serialise(events)],
  );
  return { id, events };
}

/**
 * Takes over rows whose lease has run out, those that have waited longest since their last attempt first: what cannot be
 * sent does not stand in front of what is new. Rows that another instance is taking at this moment are passed over.
 */
export async function takeOver(source: DataSource, limit: number): Promise<OutboxBatch[]> {
  const [rows] = (await source.query(
    `update outbox set leased_until = clock_timestamp() + make_interval(secs => ${LEASE_SECONDS}), attempts = attempts + 1
      where id in (select id from outbox where leased_until < clock_timestamp()
                    order by leased_until limit $1 for update skip locked)
      returning id, attempts, envelopes::text as envelopes`,
    [limit],
  )) as [{ id: string; attempts: number; envelopes: string }[], number];
  return rows.map(({ id, attempts, envelopes }) => ({ id, attempts, events: deserialise(envelopes) }));
}

/** Deletes rows whose events are all confirmed. */
export async function confirm(source: DataSource, ids: readonly string[]): Promise<void> {
  await source.query('delete from outbox where id = any($1::uuid[])', [ids]);
}

/** Keeps only what is still to be sent and gives the row back to the sweeper after `delayMs`. */
export async function keep(
  source: DataSource,
  { id, events }: OutboxBatch,
  { why, delayMs }: { why: string; delayMs: number },
): Promise<void> {
  await source.query(
    `update outbox set envelopes = $2, last_error = $3,
            leased_until = clock_timestamp() + make_interval(secs => $4)
      where id = $1`,
    [id, serialise(events), why.slice(0, 500), delayMs / 1_000],
  );
}

function serialise(events: readonly Sealed[]): string {
  return `[${events.map(({ body }) => body).join(',')}]`;
}

function deserialise(envelopes: string): Sealed[] {
  return (JSON.parse(envelopes) as { id: string; type: string }[]).map((envelope) => ({
    id: envelope.id,
    type: envelope.type,
    body: JSON.stringify(envelope),
  }));
}
