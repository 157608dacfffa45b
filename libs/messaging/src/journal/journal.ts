import type { Envelope, Sealed } from '../envelope/envelope.js';
import { JOURNAL_EXCHANGE } from '../envelope/envelope.js';
import type { RawMessage } from '../envelope/open.js';
import { storableJson } from '../parked/storable.js';

/** What set a transaction off. */
export type WorkCause = 'messages' | 'door' | 'clock';

/** What a transaction did, as far as it does not follow from the events that it emitted. */
export interface Work {
  readonly department: string;
  readonly step: string;
  readonly cause: WorkCause;
  /** The time of the transaction. */
  readonly at: Date;
  /**
   * The inbox keys of what it handled, in order: messages, or the one command of a door or the clock. None where messages
   * were put aside, and where a recovery told something for the first time.
   */
  readonly handled: readonly string[];
  /** What stands in nobody else's entry, each as JSON: see `inputOf`. */
  readonly inputs?: readonly string[];
  /** What the outside said to each of them. */
  readonly answers?: readonly unknown[] | undefined;
}

/** A message that an entry carries, because no other department has it. `base64` where the body is no JSON. */
export interface Input extends Omit<RawMessage, 'body'> {
  readonly key: string;
  readonly body?: unknown;
  readonly base64?: string;
}

/** An entry as it is read from the journal. */
export interface JournalEntry {
  /** Of the outbox row. */
  readonly id: string;
  readonly department: string;
  readonly step: string;
  readonly cause: WorkCause;
  /** ISO 8601. */
  readonly at: string;
  /**
   * When the outbox row was written, in seconds since 1970 on the database's clock. Everything that the transaction
   * locks it has by then, so of two that wait for each other the first has the smaller one.
   */
  readonly written: string;
  readonly handled: readonly string[];
  readonly inputs: readonly Input[];
  readonly answers?: readonly unknown[];
  /** Envelopes. */
  readonly events: readonly { readonly id: string; readonly type: string }[];
}

/** Below what RabbitMQ 4 takes as one message (16 MiB). */
const PART_BYTES = 4_000_000;

/** The body of a message that could be opened is JSON already, so it is put into the entry as it is. */
export function inputOf(key: string, raw: RawMessage): string {
  return `${headerOf(key, raw)},"body":${raw.body.toString('utf8')}}`;
}

/** The same for a message that may be anything. */
export function unreadableInputOf(key: string, raw: RawMessage): string {
  return `${headerOf(key, raw)},"base64":"${raw.body.toString('base64')}"}`;
}

function headerOf(key: string, { exchange, routingKey, contentType, messageId, headers }: RawMessage): string {
  const address = JSON.stringify({ key, exchange, routingKey, contentType, messageId });
  return `${address.slice(0, -1)},"headers":${storableJson(headers)}`;
}

/** What came in at a door: its envelope stands for the message that it never was. */
export function commandInputOf(key: string, envelope: Envelope): string {
  return JSON.stringify({ key, exchange: '', routingKey: '', headers: {}, body: envelope });
}

/** An entry without its events, as the outbox row keeps it. */
export function headOf({ inputs = [], answers, ...work }: Work): string {
  const head = JSON.stringify({ ...work, ...(answers ? { answers } : {}) });
  return inputs.length === 0 ? head : `${head.slice(0, -1)},"inputs":[${inputs.join(',')}]}`;
}

const GAP = ' '.repeat('1764000000.123456'.length);
const FRONT = Buffer.from(`{"written":"${GAP}","events":`);
const WRITTEN_AT = '{"written":"'.length;
const [OPEN, COMMA, CLOSE] = ['[', ',', ']'].map((text) => Buffer.from(text)) as [Buffer, Buffer, Buffer];

/** An entry that lacks nothing but the moment of its write; `envelopes` is the part of it that the outbox row keeps. */
export interface DraftEntry {
  readonly bytes: Buffer;
  readonly envelopes: Buffer;
}

/** All bytes of the row and of the entry are put together once: they are many, and memory that is new is dear. */
export function draftEntry(events: readonly Sealed[], head: string): DraftEntry {
  const rest = Buffer.from(`,${head.slice(1)}`);
  const bytes = Buffer.concat([FRONT, ...listed(events), rest]);
  return { bytes, envelopes: bytes.subarray(FRONT.length, bytes.length - rest.length) };
}

export function envelopesOf(events: readonly Sealed[]): Buffer {
  return Buffer.concat(listed(events));
}

function listed(events: readonly Sealed[]): Buffer[] {
  const pieces = [OPEN];
  for (const { body } of events) pieces.push(body, COMMA);
  if (events.length > 0) pieces.pop();
  pieces.push(CLOSE);
  return pieces;
}

/** The messages of an entry: one, unless it is very large. */
export function sealEntry(department: string, id: string, written: string, { bytes }: DraftEntry): Sealed[] {
  bytes.write(written, WRITTEN_AT, GAP.length, 'latin1');
  const to = { type: department, exchange: JOURNAL_EXCHANGE };
  if (bytes.length <= PART_BYTES) return [{ id, ...to, body: bytes }];
  const count = Math.ceil(bytes.length / PART_BYTES);
  return Array.from({ length: count }, (_, n) => ({
    ...{ id: `${id}/${n + 1}/${count}`, ...to },
    body: bytes.subarray(n * PART_BYTES, (n + 1) * PART_BYTES),
  }));
}

/** Puts entries together again from their messages; every entry once, however often it was sent. */
export class EntryReader {
  private readonly seen = new Set<string>();
  private readonly open = new Map<string, Buffer[]>();

  /** The entry that is complete with this message; undefined while parts are missing, and for repeats. */
  take(department: string, messageId: string, body: Buffer): JournalEntry | undefined {
    const [id, n, count] = messageId.split('/') as [string, string?, string?];
    if (this.seen.has(id)) return undefined;
    if (n === undefined || count === undefined) return this.complete(id, department, body);
    const parts = this.open.get(id) ?? [];
    parts[Number(n) - 1] = body;
    this.open.set(id, parts);
    if (parts.filter((part) => part !== undefined).length < Number(count)) return undefined;
    this.open.delete(id);
    return this.complete(id, department, Buffer.concat(parts));
  }

  private complete(id: string, department: string, body: Buffer): JournalEntry {
    this.seen.add(id);
    const entry = JSON.parse(body.toString('utf8')) as Omit<JournalEntry, 'id' | 'department' | 'inputs'> & {
      inputs?: Input[];
    };
    return { inputs: [], ...entry, id, department };
  }
}
