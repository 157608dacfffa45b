/** What can become known about an order, in whatever order. Each fact is recorded once; the first to tell it wins. */
export const facts = [
  'placed',
  'reserved',
  'packed',
  'invoiced',
  'shipped',
  'paid',
  'completed',
  'rejected',
  'cancelled',
  'cancellation-requested',
  'cancellation-refused',
] as const;
export type Fact = (typeof facts)[number];

/** When each fact was; null while it is none. */
export type FactTimes = Readonly<Record<Fact, Date | null>>;

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

export function columnOf(fact: Fact): string {
  return `${fact.replace('-', '_')}_at`;
}

/** The fact columns as a select list whose rows are `FactTimes`. */
export const FACT_COLUMNS = facts.map((fact) => `${columnOf(fact)} as "${fact}"`).join(', ');

/** `statusOf` as a condition on the fact columns. */
export function hasStatus(status: OrderStatus): string {
  const stronger = statuses.slice(0, statuses.indexOf(status));
  return [`${columnOf(status)} is not null`, ...stronger.map((fact) => `${columnOf(fact)} is null`)].join(' and ');
}
