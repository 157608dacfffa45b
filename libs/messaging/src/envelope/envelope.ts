import type { EventClass } from '@retaguarda/contracts';
import { idFrom } from '@retaguarda/database';
import { Unprocessable } from '../process/handles.js';

/** A CloudEvents 1.0 event in structured mode, as it stands on the wire; `correlationid` etc. are its extensions. */
export interface Envelope {
  readonly specversion: '1.0';
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly time: string;
  readonly subject?: string;
  readonly datacontenttype: 'application/json';
  readonly correlationid?: string;
  readonly causationid?: string;
  readonly traceparent?: string;
  readonly data: unknown;
}

/** The exchanges that the outside relies on (architecture: Pinned). */
export const STOREFRONT_EXCHANGE = 'storefront';
export const DEPARTMENTS_EXCHANGE = 'retaguarda';
/** Where the broker puts what it gives up on; the routing key is the department. */
export const DEAD_LETTER_EXCHANGE = 'retaguarda.dead';
/** Where the broker puts storefront messages whose routing key nobody is bound to. */
export const UNRECOGNISED_EXCHANGE = 'storefront.unrecognised';

/** Where departments tell what they did, for a recovery; the routing key is the department. Nothing is done upon it. */
export const JOURNAL_EXCHANGE = 'retaguarda.journal';

/** What a message may have at most; a larger one is parked unread. */
export const MAX_BODY_BYTES = 1_000_000;

export const STRUCTURED_MODE = 'application/cloudevents+json';

/** Storefronts write to an exchange of their own, and only there. */
export function exchangeOf(type: string): string {
  return type.startsWith('storefront.') ? STOREFRONT_EXCHANGE : DEPARTMENTS_EXCHANGE;
}

/** Departments give out UUIDs; two storefronts may well use the same id, so theirs count together with the source. */
export function inboxKey({ type, source, id }: Pick<Envelope, 'type' | 'source' | 'id'>): string {
  return type.startsWith('storefront.') ? JSON.stringify([source, id]) : id;
}

class AsItIs {
  constructor(it: object) {
    return it;
  }
}

/**
 * Gives an object that is there already a private field, which nobody else sees: neither JSON nor a comparison nor a copy.
 * A WeakMap did the same for ten times the processor time, most of it at the collecting of garbage.
 */
class Enveloped extends AsItIs {
  #envelope: Envelope;

  private constructor(event: object, envelope: Envelope) {
    super(event);
    this.#envelope = envelope;
  }

  static attach(event: object, envelope: Envelope): void {
    if (#envelope in event) event.#envelope = envelope;
    else new Enveloped(event, envelope);
  }

  static find(event: object): Envelope | undefined {
    return #envelope in event ? event.#envelope : undefined;
  }
}

/** Remembers which envelope an event came in; the event itself stays nothing but its facts. */
export function attachEnvelope(event: object, envelope: Envelope): void {
  Enveloped.attach(event, envelope);
}

/** The envelope of a received event: id, time, subject, correlation. Throws for an event that was not received. */
export function envelopeOf(event: object): Envelope {
  const envelope = Enveloped.find(event);
  if (!envelope) throw new Error(`${event.constructor.name} did not arrive in an envelope.`);
  return envelope;
}

/** A message ready to be sent: what the broker needs, and its body serialised once. */
export interface Sealed {
  readonly id: string;
  /** The routing key. */
  readonly type: string;
  readonly body: Buffer;
  /** Unless it is the one that the type says. */
  readonly exchange?: string;
}

/** Who emits events, and in which transaction: `origin` is the inbox key of the first thing that it handled. */
export interface Emitter {
  readonly department: string;
  readonly step: string;
  readonly origin: string;
  readonly now: Date;
}

/**
 * Puts events that follow into envelopes. The cause of each is the received event with the same order (`orderId`,
 * else `externalId`); where none matches, the event starts a chain of its own rather than claim a wrong cause. Ids
 * follow from the transaction, the cause and the place among its events: done again in a recovery, it emits events that
 * everybody has already. Duties have no cause; there, what the event says counts instead of its place: in which order
 * they are told, and how many by one run, may differ in a recovery, and no fact may get another's id.
 * Throws `Unprocessable` for an event that would be too large to be read.
 */
export function seal(emitter: Emitter, events: readonly object[], causes: readonly object[]): Sealed[] {
  const byThread = new Map<string, Envelope>();
  for (const cause of causes) {
    const envelope = Enveloped.find(cause);
    if (envelope) for (const key of threadsOf(cause)) byThread.set(key, envelope);
  }
  const only = causes.length === 1 && causes[0] ? Enveloped.find(causes[0]) : undefined;
  const sealOne = sealerFor(emitter);
  return events.map((event, place) => sealOne(event, place, only ?? find(byThread, threadsOf(event))));
}

function sealerFor({ department, step, origin, now }: Emitter) {
  const [time, source] = [now.toISOString(), `/retaguarda/${department}`];
  const told = new Map<string, number>();
  /** Of what is said twice in the same words, the second is the second. */
  const nth = (fact: string) => {
    const times = told.get(fact) ?? 0;
    told.set(fact, times + 1);
    return times;
  };
  return (event: object, place: number, cause: Envelope | undefined): Sealed => {
    const { type, about } = event.constructor as EventClass;
    const fact = cause ? String(place) : JSON.stringify(event);
    const id = idFrom(now, cause ? place : nth(type + fact), step, cause ? inboxKey(cause) : origin, type, fact);
    const subject = (event as Record<string, unknown>)[about.subject ?? 'orderId'];
    // What is undefined does not stand in the JSON.
    const envelope = {
      specversion: '1.0',
      id,
      source,
      type,
      time,
      subject: typeof subject === 'string' ? subject : undefined,
      datacontenttype: 'application/json',
      correlationid: cause?.correlationid ?? cause?.id ?? id,
      causationid: cause?.id,
      traceparent: cause?.traceparent,
      data: event,
    } satisfies Record<keyof Envelope, unknown>;
    const body = Buffer.from(JSON.stringify(envelope));
    if (body.length > MAX_BODY_BYTES)
      throw new Unprocessable(`${type} would have ${body.length} bytes, and nobody takes more than ${MAX_BODY_BYTES}.`);
    return { id, type, body };
  };
}

function threadsOf(event: object): string[] {
  const { orderId, externalId, channel } = event as Record<string, unknown>;
  return [
    ...(typeof orderId === 'string' ? [orderId] : []),
    ...(typeof externalId === 'string' ? [`${String(channel)}/${externalId}`] : []),
  ];
}

function find(byThread: Map<string, Envelope>, keys: string[]): Envelope | undefined {
  for (const key of keys) {
    const envelope = byThread.get(key);
    if (envelope) return envelope;
  }
  return undefined;
}
