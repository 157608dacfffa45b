import { ms } from './columns.js';
import type { Snapshot } from './snapshot.js';

/** A message about one order that a department's own tables hold. */
export interface MessageFacts {
  readonly orderId: string;
  readonly place: 'outbox' | 'deferred' | 'parked';
  /** The step that it waits for; null in the outbox. */
  readonly step: string | null;
  readonly type: string;
}

/**
 * The order that a stored message is about. A body may be anything, so it is searched as escaped text rather than read
 * as JSON; the subject stands before the data.
 */
const ORDER_IN_BODY = `coalesce(substring(encode(body, 'escape') from '"subject"\\s*:\\s*"([0-9a-f-]{36})"'),
                                substring(encode(body, 'escape') from '"orderId"\\s*:\\s*"([0-9a-f-]{36})"'))`;

/** Waiting messages by ascending order id; with `only`, those of these orders. Messages about no order are left out. */
export function messageFacts(department: Snapshot, only?: readonly string[]): AsyncGenerator<MessageFacts[]> {
  return department.pages(
    `select * from (
       select event->>'subject' as "orderId", 'outbox' as place, null as step, event->>'type' as type
         from outbox, json_array_elements(envelopes::json) as e(event) where not events_sent
       union all select ${ORDER_IN_BODY}, 'deferred', step, routing_key from deferred
       union all select coalesce(subject, ${ORDER_IN_BODY}), 'parked', step, routing_key from parked
                  where state = 'parked') messages
      where "orderId" ~ '^[0-9a-f-]{36}$' ${only ? 'and "orderId" = any($1::text[])' : ''}
      order by "orderId" collate "C"`,
    only ? [only] : [],
  );
}

/** An outbox row that is not sent. */
export interface UnsentFacts {
  readonly id: string;
  readonly createdAt: number;
}

/** The oldest ones first, as many as are ever looked at. Ages are measured on the database's clock. */
export function unsentFacts(department: Snapshot): AsyncGenerator<(UnsentFacts & { readonly ageMs: number })[]> {
  return department.pages(
    `select id, ${ms('created_at', 'createdAt')},
            (extract(epoch from clock_timestamp() - created_at) * 1000)::float8 as "ageMs" from outbox order by created_at`,
  );
}

/** How many messages of a step are parked or deferred. */
export interface AsideFacts {
  readonly place: 'parked' | 'deferred';
  readonly step: string;
  readonly count: number;
}

export function asideFacts(department: Snapshot): Promise<AsideFacts[]> {
  return department.rows(
    `select 'parked' as place, step, count(*)::int as count from parked where state = 'parked' group by step
      union all select 'deferred', step, count(*)::int from deferred group by step order by 1, 2`,
  );
}
