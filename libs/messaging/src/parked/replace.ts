import type { EventClass } from '@retaguarda/contracts';
import type { Tx } from '@retaguarda/database';
import { v7 as uuid } from 'uuid';
import type { Envelope } from '../envelope/envelope.js';
import { exchangeOf, STRUCTURED_MODE } from '../envelope/envelope.js';
import { open, type RawMessage, type Reason } from '../envelope/open.js';
import { GIVE_BACK } from './parked.js';
import { storable } from './storable.js';

/** A message that takes the place of a parked one: under a new id, caused by the original. */
export interface Replacement {
  readonly step: string;
  readonly id: string;
  readonly key: string;
  readonly raw: RawMessage;
}

export interface Edited {
  readonly department: string;
  /** Where the message is to go; that of the parked one, unless it was parked by no step. */
  readonly step: { readonly name: string; readonly events: readonly EventClass[] };
  readonly parked: { readonly id: string; readonly raw: RawMessage };
  readonly data: object;
  /** Which of the step's events it is, where the original does not say or says it wrongly. */
  readonly type?: string | undefined;
  readonly now: Date;
}

/**
 * The message that edited data makes, or the fields that are still wrong by the contract. Whatever of the original's
 * envelope can be used is kept, so that the order's chain of causes stays whole.
 */
export function replacementOf(edited: Edited): Replacement | { readonly reasons: readonly Reason[] } {
  const { department, step, parked, data, now } = edited;
  const { events } = step;
  const original: Partial<Envelope> = open(parked.raw, events).envelope ?? {};
  const type = edited.type ?? typeOf(original, parked.raw, events);
  if (type === undefined)
    return { reasons: [{ field: 'type', problem: `must be one of ${events.map((event) => event.type).join(', ')}` }] };
  const id = uuid();
  const cause = textOf(original.id) ?? textOf(parked.raw.messageId) ?? parked.id;
  const subject = textOf((data as { orderId?: unknown }).orderId) ?? textOf(original.subject);
  const traceparent = textOf(original.traceparent);
  const envelope: Envelope = {
    specversion: '1.0',
    id,
    source: `/retaguarda/${department}/edited`,
    type,
    time: textOf(original.time) ?? now.toISOString(),
    ...(subject === undefined ? {} : { subject }),
    datacontenttype: 'application/json',
    correlationid: textOf(original.correlationid) ?? cause,
    causationid: cause,
    ...(traceparent === undefined ? {} : { traceparent }),
    data,
  };
  const raw: RawMessage = {
    exchange: exchangeOf(type),
    routingKey: type,
    contentType: STRUCTURED_MODE,
    messageId: id,
    headers: {},
    body: Buffer.from(JSON.stringify(envelope)),
  };
  const opened = open(raw, events);
  return 'event' in opened ? { step: step.name, id, key: opened.key, raw } : { reasons: opened.reasons };
}

function typeOf(original: Partial<Envelope>, raw: RawMessage, events: readonly EventClass[]): string | undefined {
  const known = [original.type, raw.routingKey].find((type) => events.some((event) => event.type === type));
  return known ?? (events.length === 1 ? events[0]!.type : undefined);
}

/** A text of the original that an envelope may hold; it was parked because something in it was wrong. */
function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && /^[^\u0000-\u001f\u007f]{1,200}$/.test(value) && value.isWellFormed()
    ? value
    : undefined;
}

/**
 * Gives the replacement to the step in place of the parked message, which becomes `replaced` and names it. Returns
 * whether the message was still parked; if not, nothing was done.
 */
export async function replaceParked(
  tx: Tx,
  parkedId: string,
  { step, id, key, raw }: Replacement,
  { by, why }: { readonly by: string; readonly why: string },
): Promise<boolean> {
  const [moved] = await tx.query(
    `with replaced as (
       update parked set state = 'replaced', replaced_by = $2, resolved_at = clock_timestamp(), resolved_by = $3,
              resolution = $4
        where id = $1 and state = 'parked' returning id, parked_at),
     moved as (
       select id, $10::text as step, parked_at, $5::text as message_key, $6::text as exchange, $7::text as routing_key,
              $8::text as content_type, $2::text as message_id, '{}'::jsonb as headers, $9::bytea as body from replaced)
     ${GIVE_BACK}`,
    [parkedId, id, by, why, storable(key), raw.exchange, raw.routingKey, raw.contentType, raw.body, step],
  );
  return moved !== undefined;
}
