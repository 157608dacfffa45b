import type { Clock, Tx } from '@retaguarda/database';
import { inTransaction } from '@retaguarda/database';
import { contractOf, explainType } from '@retaguarda/contracts';
import type { DataSource } from 'typeorm';
import { createHash } from 'node:crypto';
import { noteAside } from '../outbox/outbox.js';
import type { Parking } from '../parked/parked.js';
import { park } from '../parked/parked.js';
import type { Incoming } from '../pipeline/step.js';
import { LOCKS_OF_A_MINUTE, withoutConflict } from '../pipeline/transaction.js';
import { Stopping, type Gate } from '../retry/gate.js';
import type { TakeBatch } from './consumer.js';

/** Brings what the broker gave up on into the same parked table, under the step that it was meant for. */
export function parkDeadLetters(source: DataSource, clock: Clock, gate: Gate, department: string): TakeBatch {
  return parkBatch({ source, clock, gate, department }, (raw) => {
    const death = firstDeath(raw, department);
    const problem = death
      ? `the broker gave it up from ${death.queue} (${death.reason}) after ${death.count} time(s)`
      : 'the broker gave it up and does not say from which queue';
    return {
      step: death?.queue ?? `${department}.dead`,
      parking: { ...parkingOf(raw), cause: 'dead-lettered', reasons: [{ field: '', problem }] },
      routingKey: death?.routingKey,
      exchange: death?.exchange,
    };
  });
}

/** Parks storefront messages whose routing key no queue is bound to, with what was probably meant. */
export function parkUnrecognised(source: DataSource, clock: Clock, gate: Gate, step: string): TakeBatch {
  const [department] = step.split('.') as [string];
  return parkBatch({ source, clock, gate, department }, (raw) => {
    const problem = contractOf(raw.routingKey)
      ? `no department takes ${raw.routingKey} from a storefront`
      : explainType(raw.routingKey);
    return { step, parking: { ...parkingOf(raw), cause: 'unrecognised', reasons: [{ field: 'type', problem }] } };
  });
}

interface Placed {
  readonly step: string;
  readonly parking: Parking;
  readonly routingKey?: string | undefined;
  readonly exchange?: string | undefined;
}

interface ParkingPlace {
  readonly source: DataSource;
  readonly clock: Clock;
  readonly gate: Gate;
  readonly department: string;
}

function parkBatch({ source, clock, gate, department }: ParkingPlace, place: (raw: Incoming) => Placed): TakeBatch {
  const parkThese = (placed: readonly Placed[]) => {
    const work = async (tx: Tx) => {
      for (const { step, parking, routingKey, exchange } of placed) {
        const raw = {
          ...parking.raw,
          routingKey: routingKey ?? parking.raw.routingKey,
          exchange: exchange ?? parking.raw.exchange,
        };
        await park(tx, step, [{ ...parking, raw }]);
        await noteAside(tx, { department, step }, [{ key: parking.key, raw }]);
      }
    };
    return gate.through(() => withoutConflict(() => inTransaction(source, clock, work), LOCKS_OF_A_MINUTE));
  };
  return async (batch) => {
    const placed = batch.map(place);
    try {
      await parkThese(placed);
    } catch (error) {
      if (error instanceof Stopping) throw error;
      for (const one of placed) await parkThese([one]).catch(() => parkThese([withoutHeaders(one)]));
    }
    return { sent: Promise.resolve() };
  };
}

/** Headers are the part of a message that a stranger shapes most freely; rather without them than not at all. */
function withoutHeaders(placed: Placed): Placed {
  return { ...placed, parking: { ...placed.parking, raw: { ...placed.parking.raw, headers: {} } } };
}

function parkingOf(raw: Incoming): Omit<Parking, 'cause' | 'reasons'> {
  const key = `#${createHash('sha256').update(raw.body).digest('base64url')}`;
  return { key, raw, envelope: { type: raw.routingKey }, attempts: raw.attempts };
}

const QUEUE_NAME_LIMIT = 255;
/** The broker's own words; any other text may be somebody's. */
const REASONS = ['rejected', 'expired', 'maxlen', 'delivery_limit'];

interface Death {
  readonly queue: string;
  readonly reason: string;
  readonly count: number;
  readonly exchange: string;
  readonly routingKey: string | undefined;
}

/**
 * The oldest entry of `x-death`: https://www.rabbitmq.com/docs/dlx#effects. Anyone may write such a header, so it counts
 * only if it names a queue of the department.
 */
function firstDeath({ headers }: Incoming, department: string): Death | undefined {
  const deaths = headers['x-death'];
  const first: unknown = Array.isArray(deaths) ? deaths.at(-1) : undefined;
  if (typeof first !== 'object' || first === null) return undefined;
  const death = first as Record<string, unknown>;
  const { queue, 'routing-keys': keys } = death;
  if (typeof queue !== 'string' || queue.length > QUEUE_NAME_LIMIT || !queue.startsWith(`${department}.`))
    return undefined;
  const { reason, count, exchange } = death;
  return {
    queue,
    reason: REASONS.find((known) => known === reason) ?? 'dead-lettered',
    count: typeof count === 'number' ? count : 1,
    exchange: typeof exchange === 'string' ? exchange : '',
    routingKey: Array.isArray(keys) && typeof keys[0] === 'string' ? keys[0] : undefined,
  };
}
