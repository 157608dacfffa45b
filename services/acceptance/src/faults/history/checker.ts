import type { Entry } from './history.js';

/** An event that rows of a department stand for. */
export interface Committed {
  readonly type: string;
  /** The order, or the payment it tells of. */
  readonly key: string;
  /** False for rows that allow the event without proving it. */
  readonly isDue: boolean;
}

/** What the databases say once everything has come to rest. */
export interface Evidence {
  /** `channel/externalId` of the orders that sales has. */
  readonly orders: ReadonlySet<string>;
  readonly committed: readonly Committed[];
  /** `step key` of everything that a step has claimed. */
  readonly claims: ReadonlySet<string>;
  /** `step key` of what waits visibly: deferred or parked. */
  readonly waiting: ReadonlySet<string>;
  /** Effects that are there more often than once, in words. */
  readonly repeatedEffects: readonly string[];
}

/** The steps that take an event, by its type. */
export type Takers = ReadonlyMap<string, readonly string[]>;

export interface Verdict {
  readonly attempted: number;
  readonly accepted: number;
  readonly committed: number;
  readonly delivered: number;
  readonly applied: number;
  readonly lost: readonly string[];
  readonly unexpected: readonly string[];
  readonly duplicated: readonly string[];
}

/** What storefronts did and what was heard, without the order of things. */
class Heard {
  readonly attempted = new Set<string>();
  readonly accepted = new Set<string>();
  /** In words: a storefront sends nothing that is wrong. */
  readonly refused: string[] = [];
  /** Event ids by type and key. */
  readonly delivered = new Map<string, Map<string, string>>();
  /** Claim keys of accepted or delivered messages, by event type. */
  readonly messages = new Map<string, Set<string>>();

  take(entry: Entry): void {
    if (entry.kind === 'attempted') this.attempted.add(orderOf(entry));
    if (entry.kind === 'accepted' && entry.what === 'order') this.accepted.add(orderOf(entry));
    if (entry.kind === 'refused') this.refused.push(`refusal of order ${orderOf(entry)} with ${entry.status}`);
    if (entry.kind === 'delivered') this.deliver(entry);
  }

  private deliver({ id, source, type, key }: Extract<Entry, { kind: 'delivered' }>): void {
    const ids = this.delivered.get(`${type} ${key}`) ?? new Map<string, string>();
    this.delivered.set(`${type} ${key}`, ids.set(id, source));
    const messages = this.messages.get(type) ?? new Set<string>();
    this.messages.set(type, messages.add(claimKey(type, source, id)));
  }
}

/**
 * Compares what was attempted, accepted, committed, delivered and applied.
 *
 * Lost: accepted without an order, committed without an event, delivered without being applied or visibly waiting.
 * Unexpected: an order that nobody sent, one that was refused although it was well, an event without the row it tells of. Duplicated: two events for one fact, or
 * an effect that is there twice. The same event twice is neither: delivery is at least once.
 */
export async function check(history: AsyncIterable<Entry>, evidence: Evidence, takers: Takers): Promise<Verdict> {
  const heard = new Heard();
  for await (const entry of history) heard.take(entry);
  const { applied, notApplied } = application(heard, evidence, takers);
  return {
    attempted: heard.attempted.size,
    accepted: heard.accepted.size,
    committed: evidence.committed.length,
    delivered: heard.delivered.size,
    applied,
    lost: [
      ...[...heard.accepted].filter((order) => !evidence.orders.has(order)).map((order) => `accepted order ${order}`),
      ...evidence.committed
        .filter(({ isDue }) => isDue)
        .map(nameOf)
        .filter((name) => !heard.delivered.has(name))
        .map((name) => `published ${name}`),
      ...notApplied,
    ],
    unexpected: unexpected(heard, evidence),
    duplicated: [...evidence.repeatedEffects, ...twice(heard)],
  };
}

/** The key under which a step claims a message, as libs/messaging makes it. */
export function claimKey(type: string, source: string, id: string): string {
  return type.startsWith('storefront.') ? JSON.stringify([source, id]) : id;
}

function application(heard: Heard, { claims, waiting }: Evidence, takers: Takers) {
  const expected = [...heard.messages].flatMap(([type, keys]) =>
    (takers.get(type) ?? []).flatMap((step) => [...keys].map((key) => ({ type, claim: `${step} ${key}` }))),
  );
  const open = expected.filter(({ claim }) => !claims.has(claim));
  const notApplied = open.filter(({ claim }) => !waiting.has(claim)).map(({ type, claim }) => `${type} at ${claim}`);
  return { applied: expected.length - open.length, notApplied };
}

function unexpected(heard: Heard, { orders, committed }: Evidence): string[] {
  const possible = new Set(committed.map(nameOf));
  const unknown = [...orders].filter((order) => !heard.attempted.has(order)).map((order) => `order ${order}`);
  const groundless = [...heard.delivered.keys()].filter((name) =>
    name.startsWith('storefront.') ? !heard.attempted.has(name.slice(name.indexOf(' ') + 1)) : !possible.has(name),
  );
  return [
    ...unknown,
    ...heard.refused,
    ...groundless.filter((name) => !isRecurring(name)).map((name) => `event ${name}`),
  ];
}

function twice(heard: Heard): string[] {
  return [...heard.delivered]
    .filter(([name, ids]) => ids.size > 1 && !name.startsWith('storefront.') && !isRecurring(name))
    .map(([name, ids]) => `${ids.size} events ${name}`);
}

/** Availability is announced again and again; a storefront may send what it likes. */
function isRecurring(name: string): boolean {
  return name.startsWith('stock.availability-changed.');
}

function nameOf({ type, key }: Committed): string {
  return `${type} ${key}`;
}

function orderOf({ channel, externalId }: { channel: string; externalId: string }): string {
  return `${channel}/${externalId}`;
}
