import type { Tx } from '@retaguarda/database';
import type { RawMessage } from '../envelope/open.js';
import { findParked, type ParkedMessage } from './find-parked.js';

/** What was done about a message, by whom and why; `id` is the parking that it was done to. */
export interface ParkedDeed {
  readonly at: Date;
  readonly what: ParkedMessage['state'];
  readonly id: string;
  readonly by?: string;
  readonly why: string | null;
  readonly redriveId?: string;
}

/** One parked message with everything that is known about it. May hold personal data. */
export interface OpenedParking {
  readonly message: ParkedMessage;
  readonly raw: RawMessage;
  /** From its first parking to its last, also of those that it was before it was re-driven and of those that followed. */
  readonly history: readonly ParkedDeed[];
}

interface RawRow {
  exchange: string;
  routing_key: string;
  content_type: string | null;
  message_id: string | null;
  headers: Record<string, unknown>;
  body: Buffer;
}

export async function openParked(tx: Tx, id: string): Promise<OpenedParking | undefined> {
  const message = await findParked(tx, id);
  if (!message) return undefined;
  const [row] = await tx.query<RawRow>(
    'select exchange, routing_key, content_type, message_id, headers, body from parked where id = $1',
    [id],
  );
  return { message, raw: rawOf(row!), history: await historyOf(tx, id) };
}

function rawOf(row: RawRow): RawMessage {
  return {
    exchange: row.exchange,
    routingKey: row.routing_key,
    contentType: row.content_type ?? undefined,
    messageId: row.message_id ?? undefined,
    headers: row.headers,
    body: row.body,
  };
}

type Link = Pick<
  ParkedMessage,
  'id' | 'problem' | 'parkedAt' | 'state' | 'resolvedAt' | 'resolvedBy' | 'resolution' | 'redriveId'
>;

async function historyOf(tx: Tx, id: string): Promise<ParkedDeed[]> {
  const links = await tx.query<Link>(
    `with recursive before as (
       select id, follows from parked where id = $1
       union select p.id, p.follows from parked p join before b on p.id = b.follows),
     after as (
       select id from parked where id = $1
       union select p.id from parked p join after a on p.follows = a.id)
     select id, problem, parked_at as "parkedAt", state, resolved_at as "resolvedAt", resolved_by as "resolvedBy",
            resolution, redrive_id as "redriveId"
       from parked where id in (select id from before union select id from after) order by id`,
    [id],
  );
  return links.flatMap(deedsOf);
}

function deedsOf({ id, problem, parkedAt, state, resolvedAt, resolvedBy, resolution, redriveId }: Link): ParkedDeed[] {
  const parked: ParkedDeed = { at: parkedAt, what: 'parked', id, why: problem };
  if (!resolvedAt) return [parked];
  return [
    parked,
    {
      at: resolvedAt,
      what: state,
      id,
      why: resolution,
      ...(resolvedBy === null ? {} : { by: resolvedBy }),
      ...(redriveId !== null && state === 'redriven' ? { redriveId } : {}),
    },
  ];
}
