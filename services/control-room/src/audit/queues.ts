import { setTimeout as pause } from 'node:timers/promises';
import type { BrokerAddress } from './running-system.js';

const TIMEOUT_MS = 5_000;
/** For an answer that can be believed: one that is missing makes losses of all that waits. */
const PATIENCE_MS = 45_000;
const BETWEEN_TRIES_MS = 2_500;

/** A queue tells its length every 5 s (`quorum_tick_interval`), so as a rule it is no older than this. */
export const TOLD_WITHIN_MS = 7_000;
/** From the start of a node, which boots first, until its queues have told. Before, the API answers 0 for them. */
const GROWN_UP_MS = 30_000;

/** Without these the API answers what its own collector copies every 5 s from what queues told: it is up to 10 s behind. */
const AS_TOLD_LAST = 'disable_stats=true&enable_queue_totals=true';

/** How many messages each queue holds, handed out or not, by its name: a step's, or `<department>.dead`. */
export type QueueDepths = ReadonlyMap<string, number>;

/** What the broker says, or why it does not. A queue explains as many missing effects as it holds messages. */
export interface QueueReading {
  readonly depths: QueueDepths;
  readonly problem?: string;
}

/** Asks the management API (https://www.rabbitmq.com/docs/http-api-reference). The audit can do without an answer. */
export async function readQueues(broker: BrokerAddress | undefined, stopped?: AbortSignal): Promise<QueueReading> {
  if (!broker) return { depths: new Map(), problem: 'no management API is known' };
  try {
    const { pathname } = new URL(broker.url);
    const vhost = pathname.length > 1 ? pathname.slice(1) : '%2F';
    const queues = await ask<Queue>(broker, `queues/${vhost}?columns=name,messages&${AS_TOLD_LAST}`, stopped);
    return { depths: new Map(queues.map(({ name, messages = 0 }) => [name, messages])) };
  } catch (error) {
    const problem = error instanceof Refused ? error.message : 'the management API does not answer';
    return { depths: new Map(), problem };
  }
}

export interface Patience {
  readonly stopped?: AbortSignal | undefined;
  readonly ends?: AbortSignal;
  readonly wait?: (ms: number, ended: AbortSignal) => Promise<unknown>;
}

/**
 * Asks until there is an answer of a broker that has been up for long enough to know it, 45 s at most, and then goes by
 * the last answer. A node says after some seconds for how long it has been up, to those who may monitor; others believe it.
 */
export async function readQueuesWithPatience(
  broker: BrokerAddress | undefined,
  { stopped, ends = AbortSignal.timeout(PATIENCE_MS), wait = waitFor }: Patience = {},
): Promise<QueueReading> {
  const ended = stopped ? AbortSignal.any([stopped, ends]) : ends;
  let heard: QueueReading | undefined;
  for (;;) {
    const reading = await readQueues(broker, ended);
    if (!broker || (reading.problem === undefined && (await isGrownUp(broker, ended)))) return reading;
    if (reading.problem === undefined || heard === undefined) heard = reading;
    await wait(BETWEEN_TRIES_MS, ended);
    if (ended.aborted) return heard;
  }
}

/** Asked after the queues: what they answered is then of a broker that was old enough. */
async function isGrownUp(broker: BrokerAddress, ended: AbortSignal): Promise<boolean> {
  try {
    const nodes = await ask<Node>(broker, 'nodes?columns=running,uptime', ended);
    return nodes.every(({ running, uptime = 0 }) => running === false || uptime >= GROWN_UP_MS);
  } catch (error) {
    return error instanceof Refused;
  }
}

interface Queue {
  readonly name: string;
  readonly messages?: number;
}

interface Node {
  readonly running?: boolean;
  /** Ms. */
  readonly uptime?: number;
}

class Refused extends Error {
  override readonly name = 'Refused';
}

async function ask<Item>({ url, managementUrl }: BrokerAddress, what: string, stopped?: AbortSignal): Promise<Item[]> {
  const { username, password } = new URL(url);
  const account = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64');
  const answer = await fetch(`${managementUrl.replace(/\/$/, '')}/api/${what}`, {
    headers: { authorization: `Basic ${account}` },
    signal: AbortSignal.any([AbortSignal.timeout(TIMEOUT_MS), ...(stopped ? [stopped] : [])]),
  });
  if (!answer.ok) throw new Refused(`the management API answers ${answer.status}`);
  return (await answer.json()) as Item[];
}

function waitFor(ms: number, ended: AbortSignal): Promise<unknown> {
  return pause(ms, undefined, { signal: ended }).catch(() => undefined);
}
