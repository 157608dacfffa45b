import type { BrokerAddress } from './running-system.js';

const TIMEOUT_MS = 5_000;

/**
 * A quorum queue tells its length every 5 s (`quorum_tick_interval`). Without these two parameters the management API
 * answers what its own collector has copied from there, every 5 s as well: of up to 10 s ago.
 */
const TOTALS = 'disable_stats=true&enable_queue_totals=true';
/** How old what a queue says of itself can be, with room. */
export const TOLD_WITHIN_MS = 7_000;

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
  const queues = `${broker.managementUrl.replace(/\/$/, '')}/api/queues/${vhost}`;
  try {
    const answer = await fetch(`${queues}?columns=name,messages&${TOTALS}`, {
      headers: { authorization: `Basic ${account}` },
      signal: AbortSignal.any([AbortSignal.timeout(TIMEOUT_MS), ...(stopped ? [stopped] : [])]),
    });
    if (!answer.ok) return { depths: new Map(), problem: `the management API answers ${answer.status}` };
    const told = (await answer.json()) as { name: string; messages?: number }[];
    return { depths: new Map(told.map(({ name, messages = 0 }) => [name, messages])) };
  } catch {
    return { depths: new Map(), problem: 'the management API does not answer' };
  }
}
