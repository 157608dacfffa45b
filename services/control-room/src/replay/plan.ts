import type { Input, JournalEntry, Replay, ReplayedMessage } from '@retaguarda/messaging';
import { DEPARTMENTS_EXCHANGE, STRUCTURED_MODE } from '@retaguarda/messaging';
import { findMessage, type Past, type Told } from './past.js';

/** A message that the department was sent and has not finished. */
export interface GivenBack {
  readonly step: string;
  readonly message: ReplayedMessage;
}

export interface Plan {
  /** Transactions to be done again, in order. */
  readonly replays: readonly Replay[];
  readonly givenBack: readonly GivenBack[];
  /** Transactions that the database still has. */
  readonly known: number;
  /** Keys of messages that were handled and that the journal, as far as it was read, does not hold. */
  readonly missing: readonly string[];
}

/** Whether the department's own tables have a message of a step: handled, deferred or parked. */
export type IsKnown = (step: string, key: string) => boolean;

/** What has to be done so that the department has done all that the journal says it had. */
export function planOf(past: Past, isHandled: IsKnown, isAside: IsKnown): Plan {
  const { inOrder } = past;
  const lost = inOrder.filter(({ step, handled }) => !handled.every((key) => isHandled(step, key)));
  const complete = lost.map((entry) => ({ entry, messages: messagesOf(past, entry) }));
  return {
    replays: complete.map(({ entry, messages }) => replayOf(entry, messages)),
    givenBack: unfinished(past, (step, key) => isHandled(step, key) || isAside(step, key)),
    known: inOrder.length - lost.length,
    missing: complete.flatMap(({ entry, messages }) => {
      const found = new Set(messages.map(({ key }) => key));
      return entry.handled.filter((key) => !found.has(key));
    }),
  };
}

function replayOf({ id, step, cause, at, answers, events }: JournalEntry, messages: ReplayedMessage[]): Replay {
  return { id, step, cause, at: new Date(at), messages, answers: answers ?? null, events };
}

function messagesOf(past: Past, entry: JournalEntry): ReplayedMessage[] {
  if (entry.cause === 'clock')
    return entry.handled.map((key) => ({ key, exchange: '', routingKey: '', headers: {}, base64: '' }));
  return entry.handled.flatMap((key) => {
    const found = findMessage(past, entry, key);
    if (!found) return [];
    return [isTold(found) ? toldAgain(key, found) : inputAgain(found)];
  });
}

function isTold(found: Input | Told): found is Told {
  return 'text' in found;
}

/** As the department that told it had sent it. */
function toldAgain(key: string, { type, text }: Told): ReplayedMessage {
  const base64 = Buffer.from(text).toString('base64');
  const address = { exchange: DEPARTMENTS_EXCHANGE, routingKey: type, contentType: STRUCTURED_MODE, messageId: key };
  return { key, ...address, headers: {}, base64 };
}

function inputAgain({ body, base64, ...message }: Input): ReplayedMessage {
  return { ...message, base64: base64 ?? Buffer.from(JSON.stringify(body)).toString('base64') };
}

/**
 * What was put aside before it was finished, and what still waits in a queue: nobody can tell them apart, and it makes no
 * difference, because the inbox takes each message once.
 */
function unfinished(past: Past, isKnown: IsKnown): GivenBack[] {
  const finished = new Set(past.entries.flatMap(({ step, handled }) => handled.map((key) => `${step} ${key}`)));
  const isOpen = (step: string, key: string) => !finished.has(`${step} ${key}`) && !isKnown(step, key);
  const told = [...past.told].flatMap(([key, told]) =>
    past.takers
      .get(told.type)!
      .filter((step) => isOpen(step, key))
      .map((step) => ({ step, message: toldAgain(key, told) })),
  );
  const asked = past.entries.flatMap(({ step, handled, inputs }) =>
    inputs
      .filter(({ key }) => !handled.includes(key) && isOpen(step, key))
      .map((input) => ({ step, message: inputAgain(input) })),
  );
  return [...told, ...asked];
}
