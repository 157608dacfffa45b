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
 * @returns how far back the journal goes; undefined when nothing of it is gone yet
 */
export async function readJournal(url: string, { since, take }: JournalReading): Promise<Date | undefined> {
  const connection = await connect(url).catch((error: Error) => {
    throw new NoJournal(`The broker cannot be reached: ${error.message}.`);
  });
  try {
    const channel = await connection.createChannel();
    const failed = new Promise<never>((_, reject) => {
      connection.on('error', (error: Error) => reject(error));
      channel.on('error', (error: Error) => reject(error));
    });
    return await Promise.race([readAll(channel, since, take), failed]);
  } catch (error) {
    throw error instanceof NoJournal ? error : new NoJournal(`The broker says: ${(error as Error).message}.`);
  } finally {
    await connection.close().catch(() => undefined);
  }
}

async function readAll(channel: Channel, since: Date, take: JournalReading['take']): Promise<Date | undefined> {
  const mark = randomUUID();
  const now = JSON.stringify({ written: String(Date.now() / 1_000) });
  channel.publish(JOURNAL_EXCHANGE, MARK, Buffer.from(now), { messageId: mark, persistent: true });
  await channel.prefetch(PREFETCH);
  const entries = new EntryReader();
  const from = { '!': 'timestamp', value: Math.floor(since.getTime() / 1_000) };
  await readUntil(channel, from, ({ fields: { routingKey }, properties, content }) => {
    const id = String(properties.messageId);
    if (routingKey === MARK) return id === mark;
    const entry = entries.take(routingKey, id, content);
    if (entry) take(entry);
    return false;
  });
  let oldest: Date | undefined;
  await readUntil(channel, 'first', ({ properties, content }) => {
    const [, written] = /^\{"written":"([\d.]+)/.exec(content.toString('utf8', 0, 50)) ?? [];
    if (Number(properties.headers?.['x-stream-offset']) > 0) oldest = new Date(Number(written) * 1_000);
    return true;
  });
  return oldest;
}

/** Reads the stream from an offset until `isLast` says so. */
async function readUntil(channel: Channel, offset: unknown, isLast: (message: ConsumeMessage) => boolean) {
  const consumerTag = randomUUID();
  await new Promise<void>((resolve, reject) => {
    const silent = () => reject(new NoJournal('The journal ends without the mark that was just written.'));
    const timer = setTimeout(silent, SILENT_AFTER_MS);
    let isOver = false;
    const read = (message: ConsumeMessage | null) => {
      if (!message) return reject(new NoJournal('The broker cancelled the reading.'));
      channel.ack(message);
      if (isOver) return;
      timer.refresh();
      isOver = isLast(message);
      if (isOver) resolve(clearTimeout(timer));
    };
    channel.consume(JOURNAL_STREAM, read, { consumerTag, arguments: { 'x-stream-offset': offset } }).catch(reject);
  });
  await channel.cancel(consumerTag);
}
