import { createReadStream, createWriteStream, mkdirSync, type WriteStream } from 'node:fs';
import { once } from 'node:events';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';

/** What a storefront wanted, and through which door. */
export interface Sent {
  readonly what: 'order' | 'cancellation';
  readonly channel: string;
  readonly externalId: string;
  readonly door: 'amqp' | 'http';
  /** The id of the event, over AMQP. */
  readonly eventId: string;
}

/** One line of the history. */
export type Entry =
  | ({ readonly kind: 'attempted' } & Sent)
  /** A 2xx or the broker's confirm: from now on it may not be lost. */
  | ({ readonly kind: 'accepted' } & Sent)
  | ({ readonly kind: 'refused'; readonly status: number } & Sent)
  /** What the observer's queue got. */
  | {
      readonly kind: 'delivered';
      readonly id: string;
      readonly source: string;
      readonly type: string;
      readonly key: string;
    }
  | { readonly kind: 'note'; readonly text: string };

/** What happened in one run, as JSON lines on disk: nothing of it is kept in memory. */
export class History {
  private readonly stream: WriteStream;

  constructor(readonly file: string) {
    mkdirSync(dirname(file), { recursive: true });
    this.stream = createWriteStream(file, { flags: 'w' });
  }

  /** Says nothing any more once it is closed: a storefront that is broken off may still be insisting. */
  write(entry: Entry): void {
    if (this.stream.writableEnded) return;
    this.stream.write(`${JSON.stringify({ at: Date.now(), ...entry })}\n`);
  }

  async close(): Promise<void> {
    if (this.stream.writableFinished) return;
    this.stream.end();
    await once(this.stream, 'finish');
  }

  /** Waits until what was written so far can be read. */
  flushed(): Promise<void> {
    return new Promise((resolve, reject) => this.stream.write('', (error) => (error ? reject(error) : resolve())));
  }

  /** From the beginning, one line at a time. */
  async *entries(): AsyncGenerator<Entry> {
    await this.flushed();
    const lines = createInterface({ input: createReadStream(this.file), crlfDelay: Infinity });
    for await (const line of lines) if (line !== '') yield JSON.parse(line) as Entry;
  }
}
