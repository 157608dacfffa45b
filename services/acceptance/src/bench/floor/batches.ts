import type { Channel, ConfirmChannel, ConsumeMessage } from 'amqplib';

/** Messages in one transaction at most, as with Retaguarda. */
const BATCH = 200;

/** What follows from a batch: routing keys with their data. */
export type Following = readonly { readonly key: string; readonly data: unknown }[];

/** What a batch brought: routing keys with their data. */
export interface Taken {
  readonly key: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the floor trusts its messages, as code by hand does
  readonly data: any;
}

/**
 * Works off one queue: whatever has arrived, up to 200 messages, is handled in one transaction. Then what follows is
 * published; when it is confirmed the batch is acknowledged, while the next one is at work already.
 */
export async function workOff(
  queue: string,
  { channel, publisher }: { channel: Channel; publisher: ConfirmChannel },
  handle: (batch: readonly Taken[]) => Promise<Following>,
): Promise<void> {
  const waiting: ConsumeMessage[] = [];
  let isAtWork = false;
  let acknowledged: Promise<unknown> = Promise.resolve();
  const work = async () => {
    if (isAtWork) return;
    isAtWork = true;
    while (waiting.length > 0) {
      const batch = waiting.splice(0, BATCH);
      const following = await handle(batch.map(taken));
      const last = batch.at(-1)!;
      // In turns: an ack also covers all before it.
      acknowledged = Promise.all([acknowledged, published(publisher, following)]).then(() => channel.ack(last, true));
      acknowledged.catch(fail);
    }
    isAtWork = false;
  };
  await channel.prefetch(3 * BATCH);
  await channel.consume(queue, (message) => {
    if (!message) return fail(new Error(`${queue} was taken away`));
    waiting.push(message);
    // What arrives in the same breath is handled together.
    setImmediate(() => void work().catch(fail));
  });
}

function taken({ content, fields }: ConsumeMessage): Taken {
  const { data } = JSON.parse(content.toString()) as Pick<Taken, 'data'>;
  return { key: fields.routingKey, data };
}

/** Confirms come in the order of publishing, so the last one stands for all. */
function published(publisher: ConfirmChannel, following: Following): Promise<void> {
  if (following.length === 0) return Promise.resolve();
  return new Promise((resolve, reject) => {
    let open = following.length;
    const confirmed = (error: unknown) => {
      if (error) reject(error as Error);
      else if (--open === 0) resolve();
    };
    for (const { key, data } of following) {
      const body = Buffer.from(JSON.stringify({ data }));
      publisher.publish('retaguarda', key, body, { persistent: true, contentType: 'application/json' }, confirmed);
    }
  });
}

/** By hand there is no second try: whatever fails ends the process, and with it the benchmark. */
function fail(error: unknown): void {
  console.error(error);
  process.exit(1);
}
