import type { Tx } from '@retaguarda/database';
import { v7 as uuid } from 'uuid';
import type { Envelope } from '../envelope/envelope.js';
import type { RawMessage, Reason } from '../envelope/open.js';
import { storable, storableJson } from './storable.js';

/** Why a message needs a person. */
export type ParkingCause =
  'invalid' | 'unrecognised' | 'unprocessable' | 'attempts used up' | 'killed its process' | 'dead-lettered';

export interface Parking {
  readonly key: string;
  readonly raw: RawMessage;
  readonly envelope?: Partial<Envelope> | undefined;
  readonly cause: ParkingCause;
  readonly reasons: readonly Reason[];
  readonly attempts: number;
}

/** One parked message as lists show it: without the body, which may hold personal data. */
export interface ParkedMessage {
  readonly id: string;
  readonly step: string;
  readonly type: string | null;
  readonly subject: string | null;
  readonly cause: ParkingCause;
  readonly reasons: readonly Reason[];
  readonly attempts: number;
  readonly occurrences: number;
  readonly parkedAt: Date;
  readonly state: 'parked' | 'redriven' | 'discarded';
  readonly resolvedAt: Date | null;
  readonly resolvedBy: string | null;
  readonly resolution: string | null;
}

/** Parks messages; one that is parked already for the same step counts once more instead. */
export async function park(tx: Tx, step: string, parkings: readonly Parking[]): Promise<void> {
  for (const { key, raw, envelope, cause, reasons, attempts } of parkings) {
    await tx.query(
      `insert into parked (id, step, message_key, type, subject, exchange, routing_key, content_type, message_id,
                           headers, body, cause, reasons, attempts)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
       on conflict (step, message_key) where state = 'parked' do update set occurrences = parked.occurrences + 1`,
      [
        uuid(),
        storable(step),
        storable(key),
        textOrNull(envelope?.type),
        textOrNull(envelope?.subject),
        storable(raw.exchange),
        storable(raw.routingKey),
        textOrNull(raw.contentType),
        textOrNull(raw.messageId),
        storableJson(raw.headers),
        raw.body,
        cause,
        storableJson(reasons.slice(0, REASONS_LIMIT).map(shortened)),
        attempts,
      ],
    );
  }
}

const TEXT_LIMIT = 300;
const REASONS_LIMIT = 50;

function shortened({ field, problem }: Reason): Reason {
  return { field: field.slice(0, TEXT_LIMIT), problem: problem.slice(0, 2 * TEXT_LIMIT) };
}

/** A message that failed to open can hold anything. */
function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? storable(value).slice(0, TEXT_LIMIT) : null;
}

const COLUMNS = `id, step, type, subject, cause, reasons, attempts, occurrences, parked_at as "parkedAt", state,
  resolved_at as "resolvedAt", resolved_by as "resolvedBy", resolution`;

export interface ParkedFilter {
  readonly state: ParkedMessage['state'];
  readonly limit: number;
  /** The id of the last message of the page before. */
  readonly cursor?: string | undefined;
}

/** A page of messages, oldest first; ids are UUIDv7 and so in order of time. */
export function listParked(tx: Tx, { state, limit, cursor }: ParkedFilter): Promise<ParkedMessage[]> {
  return tx.query<ParkedMessage>(
    `select ${COLUMNS} from parked where state = $1 and ($2::uuid is null or id > $2) order by id limit $3`,
    [state, cursor ?? null, limit],
  );
}

export async function findParked(tx: Tx, id: string): Promise<ParkedMessage | undefined> {
  const [row] = await tx.query<ParkedMessage>(`select ${COLUMNS} from parked where id = $1`, [id]);
  return row;
}

/**
 * Gives a parked message back to its step, as a deferred message that is due now. Pressed twice it has one effect: only
 * the press that finds it parked moves it; its `reason` is kept. Returns whether this was the one.
 */
export async function redrive(tx: Tx, id: string, by: string, reason?: string): Promise<boolean> {
  const [moved] = await tx.query(
    `with moved as (
       update parked set state = 'redriven', resolved_at = clock_timestamp(), resolved_by = $2,
              resolution = $3
        where id = $1 and state = 'parked' returning *)
     insert into deferred (step, message_key, exchange, routing_key, content_type, message_id, headers, body,
                           attempts, reason, first_failed_at, next_attempt_at)
     select step, message_key, exchange, routing_key, content_type, message_id, headers, body,
            0, 're-driven', parked_at, clock_timestamp() from moved
     on conflict (step, message_key) do update set next_attempt_at = clock_timestamp(), leased_until = null
     returning 1`,
    [id, by, reason ?? null],
  );
  return moved !== undefined;
}

/** Discards a parked message for a reason that is kept. Returns whether it was still parked. */
export async function discard(tx: Tx, id: string, by: string, reason: string): Promise<boolean> {
  const [gone] = await tx.query(
    `update parked set state = 'discarded', resolved_at = clock_timestamp(), resolved_by = $2, resolution = $3
      where id = $1 and state = 'parked' returning 1`,
    [id, by, reason],
  );
  return gone !== undefined;
}
