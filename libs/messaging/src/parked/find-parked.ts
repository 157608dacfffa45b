import type { Tx } from '@retaguarda/database';
import type { Reason } from '../envelope/open.js';
import type { ParkingCause } from './parked.js';

export type ParkedState = 'parked' | 'redriven' | 'replaced' | 'discarded';

/** One parked message as lists show it: without the body, which may hold personal data. */
export interface ParkedMessage {
  readonly id: string;
  readonly step: string;
  readonly type: string | null;
  /** The order, when the message says which. */
  readonly subject: string | null;
  readonly cause: ParkingCause;
  readonly reasons: readonly Reason[];
  /** The reasons' normal form: numbers, ids and addresses are `#`. */
  readonly problem: string;
  /** Names the group of messages with the same step, cause, type and problem. */
  readonly group: string;
  readonly attempts: number;
  readonly occurrences: number;
  readonly parkedAt: Date;
  readonly state: ParkedState;
  readonly resolvedAt: Date | null;
  readonly resolvedBy: string | null;
  readonly resolution: string | null;
  /** The re-drive that it waits in or was given back by. */
  readonly redriveId: string | null;
  /** The parked message that it was before it was re-driven. */
  readonly follows: string | null;
  /** The id of the message that an operator put in its place. */
  readonly replacedBy: string | null;
}

/** Which messages are meant; what is left out does not matter. */
export interface Choice {
  readonly ids?: readonly string[] | undefined;
  readonly step?: string | undefined;
  readonly cause?: string | undefined;
  readonly type?: string | undefined;
  readonly group?: string | undefined;
  /** A part of the problem, in any case. */
  readonly reason?: string | undefined;
  /** Parked at this time or later, and before that one; ISO 8601. */
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  readonly orderId?: string | undefined;
}

/** A choice as SQL conditions on `parked`; their values are added to `values`. */
export function conditionsOf(choice: Choice & { readonly state?: ParkedState }, values: unknown[]): string {
  const said = (sql: string, value: unknown) => (value == null ? [] : [sql.replace('?', `$${values.push(value)}`)]);
  return [
    'true',
    ...said('state = ?', choice.state),
    ...said('id = any(?::uuid[])', choice.ids),
    ...said('step = ?', choice.step),
    ...said('cause = ?', choice.cause),
    ...said('type = ?', choice.type),
    ...said('group_key = ?', choice.group),
    ...said('strpos(lower(problem), lower(?)) > 0', choice.reason),
    ...said('parked_at >= ?::timestamptz', choice.since),
    ...said('parked_at < ?::timestamptz', choice.until),
    ...said('subject = ?', choice.orderId),
  ].join(' and ');
}

const COLUMNS = `id, step, type, subject, cause, reasons, problem, group_key as "group", attempts, occurrences,
  parked_at as "parkedAt", state, resolved_at as "resolvedAt", resolved_by as "resolvedBy", resolution,
  redrive_id as "redriveId", follows, replaced_by as "replacedBy"`;

export interface ParkedPage extends Choice {
  readonly state: ParkedState;
  readonly limit: number;
  /** The id of the last message of the page before. */
  readonly cursor?: string | undefined;
}

/** A page of messages, oldest first; ids are UUIDv7 and so in order of time. */
export function listParked(tx: Tx, { limit, cursor, ...choice }: ParkedPage): Promise<ParkedMessage[]> {
  const values: unknown[] = [];
  const conditions = conditionsOf(choice, values);
  const after = cursor === undefined ? 'true' : `id > $${values.push(cursor)}`;
  return tx.query<ParkedMessage>(
    `select ${COLUMNS} from parked where ${conditions} and ${after} order by id limit $${values.push(limit)}`,
    values,
  );
}

export async function findParked(tx: Tx, id: string): Promise<ParkedMessage | undefined> {
  const [row] = await tx.query<ParkedMessage>(`select ${COLUMNS} from parked where id = $1`, [id]);
  return row;
}

/** Messages that failed in the same way at the same step: one incident, most likely. */
export interface ParkedGroup extends Pick<ParkedMessage, 'group' | 'step' | 'cause' | 'type' | 'problem'> {
  readonly count: number;
  readonly oldest: Date;
  readonly newest: Date;
  /** The id of the oldest one. */
  readonly example: string;
}

/** The groups of what is parked now, the largest first. */
export function groupParked(tx: Tx, choice: Choice, limit: number): Promise<ParkedGroup[]> {
  const values: unknown[] = [limit];
  return tx.query<ParkedGroup>(
    `select g.group_key as "group", e.step, e.cause, e.type, e.problem, g.count, g.oldest, g.newest, e.id as example
       from (select group_key, count(*)::int as count, min(parked_at) as oldest, max(parked_at) as newest
               from parked where ${conditionsOf({ ...choice, state: 'parked' }, values)}
              group by group_key order by count(*) desc, group_key limit $1) g
       cross join lateral (select id, step, cause, type, problem from parked p
                            where p.state = 'parked' and p.group_key = g.group_key and p.parked_at = g.oldest
                            order by id limit 1) e
      order by g.count desc, g.group_key`,
    values,
  );
}
