import type { EventClass } from '@retaguarda/contracts';
import { exchangeOf } from '../envelope/envelope.js';
import type { Process, Row } from './process.js';

/** The queue of one row, and what is bound to it. */
export interface QueuePlan {
  readonly queue: string;
  readonly bindings: readonly { readonly exchange: string; readonly routingKey: string }[];
}

export function queueOf(department: string, name: string): string {
  return `${department}.${name}`;
}

/** What the broker dead-letters from any queue of the department. */
export function deadQueueOf(department: string): string {
  return `${department}.dead`;
}

/** One department takes in the storefront messages whose routing key nobody knows: the one that reads `storefront`. */
export function unrecognisedQueueOf(department: string): string {
  return `${department}.unrecognised`;
}

export function eventsOf(row: Row): readonly EventClass[] {
  return row.trigger.kind === 'event' ? row.trigger.events : [];
}

export function planQueue(department: string, name: string, events: readonly EventClass[]): QueuePlan {
  return {
    queue: queueOf(department, name),
    bindings: events.map(({ type }) => ({ exchange: exchangeOf(type), routingKey: type })),
  };
}

/** All step queues of a process, in the order of its table. */
export function topologyOf({ department, rows }: Process): QueuePlan[] {
  return rows.filter((row) => eventsOf(row).length > 0).map((row) => planQueue(department, row.name, eventsOf(row)));
}
