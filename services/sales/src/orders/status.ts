import type { Fact, FactTimes } from './orders.js';
import { columnOf } from './orders.js';

/** The facts that name an order's status. The first of them that is there does, whatever else is known. */
export const statuses = [
  'rejected',
  'cancelled',
  'completed',
  'shipped',
  'invoiced',
  'packed',
  'reserved',
  'placed',
] as const satisfies readonly Fact[];
export type OrderStatus = (typeof statuses)[number];

/** The status is not kept anywhere: it is what the facts say. */
export function statusOf(times: FactTimes): OrderStatus {
  return statuses.find((status) => times[status] !== null) ?? 'placed';
}

/** `statusOf` as a condition on the fact columns. */
export function hasStatus(status: OrderStatus): string {
  const stronger = statuses.slice(0, statuses.indexOf(status));
  return [`${columnOf(status)} is not null`, ...stronger.map((fact) => `${columnOf(fact)} is null`)].join(' and ');
}
