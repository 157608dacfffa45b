import { connect, type Channel, type ConsumeMessage } from 'amqplib';
import { randomUUID } from 'node:crypto';
import { JOURNAL_EXCHANGE } from '../envelope/envelope.js';
import { EntryReader, type JournalEntry } from '../journal/journal.js';

/** The queue behind the exchange of the same name. */
export const JOURNAL_STREAM = 'retaguarda.journal';

/** Thrown when the journal cannot be read; the message says why, for a person. */
export class NoJournal extends Error {
  override readonly name = 'NoJournal';
}

export interface JournalReading {
  /** Entries that were sent from this moment on, and some from before it: the broker keeps them in chunks. */
  readonly since: Date;
  readonly take: (entry: JournalEntry) => void;
}

const MARK = 'mark';
const PREFETCH = 500;
const SILENT_AFTER_MS = 30_000;

/**
 * Reads the journal up to this moment, each entry once, in the order of arrival. To know where its end is, it writes a
 * mark there. Throws `NoJournal`.
 * @param url AMQP address of a user that may read and write it
 * @returns whether it reaches back to `since`: older entries may be gone
 */
export async function readJournal(url: string, { since, take }: JournalReading): Promise<{ isComplete: boolean }> {
  const connection = await connect(url).catch((error: Error) => {
    throw new NoJournal(`The broker cannot be reached: ${error.message}.`);
  });
  try {
    const channel = await connection.createChannel();
    const failed = new Promise<never>((_, reject) => {
      connection.on('error', (error: Error) => reject(error));
      channel.on('error', (error: Error) => reject(error));
    });
    return await Promise.race([readToMark(channel, since, take), failed]);
  } catch (error) {
    throw error instanceof NoJournal ? error : new NoJournal(`The broker says: ${(error as Error).message}.`);
  } finally {
    await connection.close().catch(() => undefined);
  }
}

async function readToMark(channel: Channel, since: Date, take: JournalReading['take']) {
  const mark = randomUUID();
  channel.publish(JOURNAL_EXCHANGE, MARK, Buffer.from('{}'), { messageId: mark, persistent: true });
  await channel.prefetch(PREFETCH);
  const entries = new EntryReader();
  let first: { offset: number; written: number } | undefined;
  await new Promise<void>((resolve, reject) => {
    const tooLong = () => reject(new NoJournal('The journal ends without the mark that was just written.'));
    const timer = setTimeout(tooLong, SILENT_AFTER_MS);
    const read = (message: ConsumeMessage | null) => {
      timer.refresh();
      if (!message) return reject(new NoJournal('The broker cancelled the reading.'));
      const { fields, properties, content } = message;
      channel.ack(message);
      const id = String(properties.messageId);
      if (fields.routingKey === MARK) {
        if (id !== mark) return;
        clearTimeout(timer);
        return resolve();
      }
      const entry = entries.take(fields.routingKey, id, content);
      if (!entry) return;
      first ??= {
        offset: Number(properties.headers?.['x-stream-offset'] ?? 0),
        written: Number(entry.written) * 1_000,
      };
      take(entry);
    };
    const from = { '!': 'timestamp', value: Math.floor(since.getTime() / 1_000) };
    channel.consume(JOURNAL_STREAM, read, { arguments: { 'x-stream-offset': from } }).catch(reject);
  });
  return { isComplete: !first || first.offset <= 1 || first.written <= since.getTime() };
}
