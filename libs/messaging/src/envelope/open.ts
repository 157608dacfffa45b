import type { EventClass } from '@retaguarda/contracts';
import { explainType, validate } from '@retaguarda/contracts';
import { createHash } from 'node:crypto';
import type { Envelope } from './envelope.js';
import { attachEnvelope, inboxKey, MAX_BODY_BYTES, STRUCTURED_MODE } from './envelope.js';

/** A message as it came from the broker or out of the department's own tables. */
export interface RawMessage {
  readonly exchange: string;
  readonly routingKey: string;
  readonly contentType: string | undefined;
  readonly messageId: string | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Buffer;
}

export interface Reason {
  /** Path of the field that is wrong, e.g. `data.lines[2].quantity`; empty for the message as a whole. */
  readonly field: string;
  readonly problem: string;
}

/** An opened message: its event, or the reasons why it cannot be one. `key` identifies it in the inbox. */
export type Opened = { readonly key: string } & (
  | { readonly event: object; readonly envelope: Envelope }
  | { readonly reasons: readonly Reason[]; readonly envelope?: Partial<Envelope> }
);

const ID_LIMIT = 200;
const CONTROL = /[\u0000-\u001f\u007f]/;
const PLAIN_ID = /^[!-~]{1,200}$/;

/** Decodes a message, checks its envelope and validates its data against one of the `expected` contracts. Never throws. */
export function open(raw: RawMessage, expected: readonly EventClass[]): Opened {
  const hashed = () => `#${createHash('sha256').update(raw.body).digest('base64url')}`;
  const refuse = (reasons: readonly Reason[], envelope?: Partial<Envelope>): Opened => ({
    key: hashed(),
    reasons,
    ...(envelope ? { envelope } : {}),
  });
  if (raw.body.length > MAX_BODY_BYTES)
    return refuse([whole(`the body has ${raw.body.length} bytes, the limit is ${MAX_BODY_BYTES}`)]);

  const envelope = envelopeIn(raw);
  if (typeof envelope === 'string') return refuse([whole(envelope)]);
  const contract = expected.find(({ type }) => type === envelope.type);
  const reasons = envelopeReasons(envelope, raw, contract);
  if (reasons.length > 0) return refuse(reasons, envelope);

  const result = validate(contract as EventClass<object>, envelope.data);
  if ('reasons' in result) {
    const within = result.reasons.map(({ field, problem }) => ({ field: field ? `data.${field}` : 'data', problem }));
    return refuse(within, envelope);
  }
  // In place of what was parsed, which can be forgotten at once: batches live long enough as it is.
  const opened = Object.assign(envelope, { data: result.event });
  attachEnvelope(result.event, opened);
  return { key: inboxKey(opened), event: result.event, envelope: opened };
}

function whole(problem: string): Reason {
  return { field: '', problem };
}

/** The envelope, or why there is none: as a text, because an envelope may have any field. */
function envelopeIn(raw: RawMessage): Envelope | string {
  let json: unknown;
  try {
    json = JSON.parse(raw.body.toString('utf8'));
  } catch {
    return 'the body is not valid JSON';
  }
  const binary = raw.contentType?.startsWith(STRUCTURED_MODE) ? undefined : binaryAttributes(raw.headers);
  if (binary) return { datacontenttype: 'application/json', ...binary, data: json } as unknown as Envelope;
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return 'the body is not a CloudEvents object';
  return json as Envelope;
}

/** CloudEvents binary mode: attributes as headers `cloudEvents:type`, or `cloudEvents_type` where colons are no good. */
function binaryAttributes(headers: Readonly<Record<string, unknown>>): Record<string, unknown> | undefined {
  const attributes = Object.entries(headers).flatMap(([name, value]) => {
    const match = /^cloudEvents[:_]([a-z0-9]+)$/i.exec(name);
    return match ? [[match[1]!.toLowerCase(), value] as const] : [];
  });
  return attributes.length > 0 ? Object.fromEntries(attributes) : undefined;
}

function envelopeReasons(envelope: Envelope, raw: RawMessage, contract: EventClass | undefined): Reason[] {
  const { specversion, id, source, type, correlationid, causationid, traceparent, data } = envelope;
  const reasons: Reason[] = [];
  const wrong = (field: string, problem: string) => reasons.push({ field, problem });
  const mustBeText = (field: string, value: unknown) => {
    if (!isText(value)) wrong(field, `must be a text of 1 to ${ID_LIMIT} printable characters`);
  };
  if (specversion !== '1.0') wrong('specversion', 'must be "1.0"');
  mustBeText('id', id);
  mustBeText('source', source);
  if (correlationid !== undefined) mustBeText('correlationid', correlationid);
  if (causationid !== undefined) mustBeText('causationid', causationid);
  if (traceparent !== undefined) mustBeText('traceparent', traceparent);
  if (!isText(type)) wrong('type', 'must name the event');
  else if (!contract) wrong('type', explainType(type));
  else if (raw.routingKey !== type) wrong('type', 'differs from the routing key of the message');
  if (data === undefined) wrong('data', 'is missing');
  return reasons;
}

/** Half a surrogate pair is no text: Postgres would keep another id than the one that was sent. */
function isText(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  if (PLAIN_ID.test(value)) return true;
  return value.isWellFormed() && value.length > 0 && value.length <= ID_LIMIT && !CONTROL.test(value);
}
