import type { Tx } from '@retaguarda/database';
import { v7 as uuid } from 'uuid';
import type { Envelope } from '../envelope/envelope.js';
import type { RawMessage, Reason } from '../envelope/open.js';
import type { Incoming } from '../pipeline/step.js';
import { storable, storableJson } from './storable.js';

/** Why a message needs a person. */
export type ParkingCause =
  'invalid' | 'unrecognised' | 'unprocessable' | 'attempts used up' | 'killed its process' | 'dead-lettered';

export interface Parking {
  readonly key: string;
  readonly raw: RawMessage & Pick<Incoming, 'parkedId'>;
  readonly envelope?: Partial<Envelope> | undefined;
  readonly cause: ParkingCause;
  readonly reasons: readonly Reason[];
  readonly attempts: number;
}

/** Parks messages; one that is parked already for the same step counts once more instead. */
export async function park(tx: Tx, step: string, parkings: readonly Parking[]): Promise<void> {
  for (const { key, raw, envelope, cause, reasons, attempts } of parkings) {
    await tx.query(
      `insert into parked (id, step, message_key, type, subject, exchange, routing_key, content_type, message_id,
                           headers, body, cause, reasons, attempts, follows)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
       on conflict (step, message_key) where state = 'parked' do update
          set occurrences = parked.occurrences + 1, follows = coalesce(parked.follows, excluded.follows)`,
      [
        uuid(),
        storable(step),
        storable(key),
        textOrNull(envelope?.type),
        textOrNull(envelope?.subject) ?? orderIdIn(envelope?.data),
        storable(raw.exchange),
        storable(raw.routingKey),
        textOrNull(raw.contentType),
        textOrNull(raw.messageId),
        storableJson(raw.headers),
        raw.body,
        cause,
        storableJson(reasons.slice(0, REASONS_LIMIT).map(shortened)),
        attempts,
        raw.parkedId ?? null,
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

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The order of a message whose sender names no subject; anything but an id might be somebody's name. */
function orderIdIn(data: unknown): string | null {
  const { orderId } = (data ?? {}) as { orderId?: unknown };
  return typeof orderId === 'string' && UUID.test(orderId) ? orderId : null;
}

/** Completes a statement whose `moved` are parked rows that were just resolved: each becomes a deferred message, due now. */
export const GIVE_BACK = `
  insert into deferred (step, message_key, exchange, routing_key, content_type, message_id, headers, body,
                        attempts, reason, first_failed_at, next_attempt_at, parked_id)
  select step, message_key, exchange, routing_key, content_type, message_id, headers, body,
         0, 're-driven', parked_at, clock_timestamp(), id from moved
  on conflict (step, message_key) do update
     set next_attempt_at = clock_timestamp(), leased_until = null, attempts = 0, early = 0, reason = excluded.reason,
         parked_id = excluded.parked_id
  returning 1`;

/**
 * Gives a parked message back to its step, as a deferred message that is due now. Pressed twice it has one effect: only
 * the press that finds it parked moves it; its `reason` is kept. Returns whether this was the one.
 */
export async function redrive(tx: Tx, id: string, by: string, reason?: string): Promise<boolean> {
  const [moved] = await tx.query(
    `with moved as (
       update parked set state = 'redriven', resolved_at = clock_timestamp(), resolved_by = $2, resolution = $3,
              redrive_id = null
        where id = $1 and state = 'parked' returning *) ${GIVE_BACK}`,
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
