import type { Channel, ConfirmChannel, ConsumeMessage } from 'amqplib';
import type { Pool, PoolClient } from 'pg';
import { v7 as uuid } from 'uuid';

/** Messages in one transaction at most, as with Retaguarda. */
const BATCH = 200;

/** What follows from a batch: routing keys with their data. */
export type Following = readonly { readonly key: string; readonly data: unknown }[];

/** What a batch brought: routing keys with their data, under the ids that the inbox knows. */
export interface Taken {
  readonly id: string;
  readonly key: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the floor trusts its messages, as code by hand does
  readonly data: any;
}

type Work = (tx: PoolClient) => Promise<Following>;

/** A step's own writes, in the transaction that is open. */
export type Step = (tx: PoolClient, batch: readonly Taken[]) => Promise<Following>;

export interface Post {
  readonly pool: Pool;
  readonly publisher: ConfirmChannel;
  /** Rows of the outbox whose events are all confirmed: they may go. */
  readonly confirmed: string[];
}

/**
 * Works off one queue: whatever has arrived, up to 200 messages, is handled in one transaction, with its claims in the
 * inbox and one row of the outbox. Then what follows is published; when it is confirmed the batch is acknowledged, while
 * the next one is at work already.
 */
export async function workOff(queue: string, post: Post & { readonly channel: Channel }, step: Step): Promise<void> {
  const { pool, channel } = post;
  const waiting: ConsumeMessage[] = [];
  let isAtWork = false;
  let acknowledged: Promise<unknown> = Promise.resolve();
  const work = async () => {
    if (isAtWork) return;
    isAtWork = true;
    while (waiting.length > 0) {
      const batch = waiting.splice(0, BATCH);
      const row = await committed(pool, queue, async (tx) => {
        const fresh = await claimed(tx, queue, batch.map(taken));
        return fresh.length > 0 ? step(tx, fresh) : [];
      });
      const last = batch.at(-1)!;
      // In turns: an ack also covers all before it.
      acknowledged = Promise.all([acknowledged, sent(post, row)]).then(() => channel.ack(last, true));
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

/** Does what no message asks for: a transaction with its row of the outbox, which is published. */
export async function perform(department: string, post: Post, work: Work): Promise<void> {
  await sent(post, await committed(post.pool, department, work));
}

/** Deletes the rows that may go, of all steps together. */
export function forget({ pool, confirmed }: Pick<Post, 'pool' | 'confirmed'>): void {
  if (confirmed.length === 0) return;
  pool.query('delete from outbox where id = any($1::uuid[])', [confirmed.splice(0)]).catch(fail);
}

function taken({ content, fields }: ConsumeMessage): Taken {
  const { id, data } = JSON.parse(content.toString()) as Pick<Taken, 'id' | 'data'>;
  return { id, key: fields.routingKey, data };
}

/** A row of the outbox; it has the very bytes that are sent. */
interface Row {
  readonly id: string;
  readonly events: readonly Message[];
}

interface Message {
  readonly id: string;
  readonly key: string;
  readonly body: string;
}

/** In the form that storefronts rely on: a CloudEvents event in structured mode. */
function sealed(source: string, time: string, { key, data }: Following[number]): Message {
  const id = uuid();
  const { orderId = id, sku } = data as { orderId?: string; sku?: string };
  const about = { subject: sku ?? orderId, datacontenttype: 'application/json', correlationid: orderId };
  return { id, key, body: JSON.stringify({ specversion: '1.0', id, source, type: key, time, ...about, data }) };
}

/** Those of a batch that the inbox did not know. */
async function claimed(tx: PoolClient, queue: string, batch: readonly Taken[]): Promise<Taken[]> {
  const { rows } = await tx.query<{ message_key: string }>(
    `insert into inbox (step, message_key) select $1, unnest($2::text[])
       on conflict do nothing returning message_key`,
    [queue, batch.map(({ id }) => id).sort()],
  );
  const keys = new Set(rows.map((row) => row.message_key));
  return batch.filter((message) => keys.delete(message.id));
}

async function committed(pool: Pool, place: string, work: Work): Promise<Row> {
  const tx = await pool.connect();
  try {
    await tx.query('begin');
    const following = await work(tx);
    const id = uuid();
    const [source, time] = [`/retaguarda/${place.split('.')[0]}`, new Date().toISOString()];
    const events = following.map((next) => sealed(source, time, next));
    if (events.length > 0)
      await tx.query('insert into outbox (id, envelopes, leased_until) values ($1, $2, now())', [
        id,
        `[${events.map(({ body }) => body).join()}]`,
      ]);
    await tx.query('commit');
    tx.release();
    return { id, events };
  } catch (error) {
    tx.release(true);
    throw error;
  }
}

async function sent({ publisher, confirmed }: Post, { id, events }: Row): Promise<void> {
  if (events.length === 0) return;
  await published(publisher, events);
  confirmed.push(id);
}

/** Confirms come in the order of publishing, so the last one stands for all. */
function published(publisher: ConfirmChannel, events: Row['events']): Promise<void> {
  return new Promise((resolve, reject) => {
    let open = events.length;
    const confirmed = (error: unknown) => {
      if (error) reject(error as Error);
      else if (--open === 0) resolve();
    };
    for (const { id: messageId, key, body } of events)
      publisher.publish('retaguarda', key, Buffer.from(body), { ...properties, messageId }, confirmed);
  });
}

const properties = { persistent: true, contentType: 'application/cloudevents+json' };

/** By hand there is no second try: whatever fails ends the process, and with it the benchmark. */
function fail(error: unknown): void {
  console.error(error);
  process.exit(1);
}
