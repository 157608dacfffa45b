import type { BrokerAddress } from './running-system.js';

const TIMEOUT_MS = 5_000;

/** How many messages each queue holds, handed out or not, by its name, which is the step's. */
export type QueueDepths = ReadonlyMap<string, number>;

/** What the broker says, or why it does not. A queue explains as many missing effects as it holds messages. */
export interface QueueReading {
  readonly depths: QueueDepths;
  readonly problem?: string;
}

/** Asks the management API (https://www.rabbitmq.com/docs/http-api-reference). The audit can do without an answer. */
export async function readQueues(broker: BrokerAddress | undefined, stopped?: AbortSignal): Promise<QueueReading> {
  if (!broker) return { depths: new Map(), problem: 'no management API is known' };
  const { username, password, pathname } = new URL(broker.url);
  const account = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64');
  const vhost = pathname.length > 1 ? pathname.slice(1) : '%2F';
  try {
    const answer = await fetch(`${broker.managementUrl.replace(/\/$/, '')}/api/queues/${vhost}?columns=name,messages`, {
      headers: { authorization: `Basic ${account}` },
      signal: AbortSignal.any([AbortSignal.timeout(TIMEOUT_MS), ...(stopped ? [stopped] : [])]),
    });
    if (!answer.ok) return { depths: new Map(), problem: `the management API answers ${answer.status}` };
    const queues = (await answer.json()) as { name: string; messages?: number }[];
    return { depths: new Map(queues.map(({ name, messages = 0 }) => [name, messages])) };
  } catch {
    return { depths: new Map(), problem: 'the management API does not answer' };
  }
}

/** The higher of two readings: a message that was in the queue at either moment is not lost. */
export function deepest(one: QueueDepths, other: QueueDepths): QueueDepths {
  const depths = new Map(one);
  for (const [name, depth] of other) depths.set(name, Math.max(depth, depths.get(name) ?? 0));
  return depths;
}
