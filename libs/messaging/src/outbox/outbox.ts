import type { Tx } from '@retaguarda/database';
import type { DataSource } from 'typeorm';
import { v7 as uuid } from 'uuid';
import { DEPARTMENTS_EXCHANGE, type Sealed } from '../envelope/envelope.js';
import type { RawMessage } from '../envelope/open.js';
import { draftEntry, envelopesOf, headOf, sealEntry, unreadableInputOf, type Work } from '../journal/journal.js';
import type { Incoming } from '../pipeline/step.js';

/** One outbox row: the events of one transaction, and what the journal is to hold of it. */
export interface OutboxBatch {
  readonly id: string;
  /** None once they are sent. */
  readonly events: readonly Sealed[];
  /** Messages for the journal; none once they are sent. */
  readonly journal: readonly Sealed[];
  /** How often a sweeper took it over; nothing for one that was just committed. */
  readonly attempts?: number;
}

const WRITTEN = 'extract(epoch from written_at)::text as written';

/** How long the committing instance has before the sweeper of any instance takes the row over, on the database's clock. */
export const LEASE_SECONDS = 20;

/**
 * Writes the events of a transaction, and what it did for the journal, as one row. One row a batch and not one an event:
 * it is deleted when all of it is confirmed, and when part of it is sent twice the inboxes absorb the repeats. `work` is
 * left out where the journal has it already.
 */
export async function enqueue(
  tx: Tx,
  events: readonly Sealed[],
  work: Work | undefined,
  leaseSeconds = LEASE_SECONDS,
): Promise<OutboxBatch | undefined> {
  if (events.length === 0 && !work) return undefined;
  const id = uuid();
  const head = work ? headOf(work) : null;
  const draft = head === null ? undefined : draftEntry(events, head);
  const [row] = await tx.query<{ written: string }>(
    `insert into outbox (id, envelopes, journal, leased_until)
     values ($1, $2, $3, clock_timestamp() + make_interval(secs => $4)) returning ${WRITTEN}`,
    [id, draft?.envelopes ?? envelopesOf(events), head, leaseSeconds],
  );
  return { id, events, journal: draft ? sealEntry(work!.department, id, row!.written, draft) : [] };
}

/**
 * Has the journal keep messages of outside that are put aside unhandled: nobody else has them. Their entry is sent by the
 * sweeper, within a second.
 */
export async function noteAside(
  tx: Tx,
  { department, step }: { department: string; step: string },
  messages: readonly { readonly key: string; readonly raw: RawMessage & Partial<Pick<Incoming, 'fromDeferred'>> }[],
): Promise<void> {
  const fromOutside = messages.filter(({ raw }) => raw.exchange !== DEPARTMENTS_EXCHANGE && !raw.fromDeferred);
  if (fromOutside.length === 0) return;
  const inputs = fromOutside.map(({ key, raw }) => unreadableInputOf(key, raw));
  await enqueue(tx, [], { department, step, cause: 'messages', at: tx.now, handled: [], inputs }, 0);
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
      returning id, attempts, envelopes, journal, events_sent as "areEventsSent", ${WRITTEN}`,
    [limit],
  )) as [OutboxRow[], number];
  return rows.map(batchOf);
}

function batchOf({ id, attempts, envelopes, journal: head, written, areEventsSent }: OutboxRow): OutboxBatch {
  const events = deserialise(envelopes);
  const journal = head ? sealEntry(departmentIn(head), id, written, draftEntry(events, head)) : [];
  return { id, attempts, events: areEventsSent ? [] : events, journal };
}

interface OutboxRow {
  readonly id: string;
  readonly attempts: number;
  readonly envelopes: string;
  readonly journal: string | null;
  readonly areEventsSent: boolean;
  readonly written: string;
}

/** It stands first, so the rest need not be read. */
function departmentIn(head: string): string {
  return /^\{"department":"([a-z-]+)"/.exec(head)![1]!;
}

/** Deletes rows whose events are all confirmed. */
export async function confirm(source: DataSource, ids: readonly string[]): Promise<void> {
  await source.query('delete from outbox where id = any($1::uuid[])', [ids]);
}

/**
 * Keeps only what is still to be sent and gives the row back to the sweeper after `delayMs`. An entry for the journal
 * needs all events of its transaction, so until it is sent the row has them, sent or not.
 */
export async function keep(
  source: DataSource,
  { id, events, journal }: OutboxBatch,
  { why, delayMs }: { why: string; delayMs: number },
): Promise<void> {
  const isWhole = journal.length > 0;
  await source.query(
    `update outbox set envelopes = coalesce($2::text, envelopes), last_error = $3,
            leased_until = clock_timestamp() + make_interval(secs => $4), journal = case when $5 then journal end,
            events_sent = $6
      where id = $1`,
    [id, isWhole ? null : envelopesOf(events), why.slice(0, 500), delayMs / 1_000, isWhole, events.length === 0],
  );
}

function deserialise(envelopes: string): Sealed[] {
  return (JSON.parse(envelopes) as { id: string; type: string }[]).map((envelope) => ({
    id: envelope.id,
    type: envelope.type,
    body: Buffer.from(JSON.stringify(envelope)),
  }));
}
