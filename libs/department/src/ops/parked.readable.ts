import type { EventClass } from '@retaguarda/contracts';
import { open, type OpenedParking } from '@retaguarda/messaging';

/**
 * One parked message as a person repairs it. `body` is text, or base64 when it is none; `data` is what would be edited,
 * when the body has it: as its contract reads it, or as it came where that refuses it; `types` are the events that its
 * step takes.
 */
export function readable({ message, raw, history }: OpenedParking, events: readonly EventClass[]) {
  const { exchange, routingKey, contentType, messageId, headers } = raw;
  return {
    ...message,
    exchange,
    routingKey,
    contentType,
    messageId,
    headers,
    ...bodyOf(raw.body),
    data: open(raw, events).envelope?.data,
    types: events.map(({ type }) => type),
    history,
  };
}

function bodyOf(body: Buffer): { body: string; encoding: 'utf8' | 'base64' } {
  const text = body.toString('utf8');
  return Buffer.from(text).equals(body)
    ? { body: text, encoding: 'utf8' }
    : { body: body.toString('base64'), encoding: 'base64' };
}
