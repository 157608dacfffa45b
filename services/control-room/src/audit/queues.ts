import { setTimeout as pause } from 'node:timers/promises';
import type { BrokerAddress } from './running-system.js';

const TIMEOUT_MS = 5_000;
/** An answer that is missing makes losses of all that waits. */
const TRIES = 4;
const BETWEEN_TRIES_MS = 2_500;

/** A queue tells its length every 5 s (`quorum_tick_interval`), so as a rule it is no older than this. */
export const TOLD_WITHIN_MS = 7_000;
/** From the start of a node: it boots first. Until a queue has told its length, the API answers 0. */
export const GROWN_UP_MS = 20_000;

/** Without these the API answers what its own collector copies from there every 5 s as well, and is up to 10 s behind. */
const AS_TOLD_LAST = 'disable_stats=true&enable_queue_totals=true';

/** How many messages each queue holds, handed out or not, by its name, which is the step's. */
export type QueueDepths = ReadonlyMap<string, number>;

/** What the broker says, or why it does not. A queue explains as many missing effects as it holds messages. */
export interface QueueReading {
  readonly depths: QueueDepths;
  readonly problem?: string;
}

export interface Asking {
  readonly stopped?: AbortSignal | undefined;
  /** For how long each node of the broker must have been up; that is waited for. */
  readonly upForMs?: number;
  readonly wait?: (ms: number) => Promise<unknown>;
}

/**
 * Asks the management API (https://www.rabbitmq.com/docs/http-api-reference), four times if it must. The audit can do
 * without an answer.
 */
export async function readQueues(
  broker: BrokerAddress | undefined,
  {
    stopped,
    upForMs = 0,
    wait = (ms) => pause(ms, undefined, { signal: stopped }).catch(() => undefined),
  }: Asking = {},
): Promise<QueueReading> {
  if (!broker) return { depths: new Map(), problem: 'no management API is known' };
  let problem = '';
  let waitMs = 0;
  for (let tries = 0; tries < TRIES && !stopped?.aborted; tries += 1) {
    if (waitMs > 0) await wait(waitMs);
    const answer = await reading(broker, stopped);
    // A node's statistics of itself begin some seconds after its start, unless they are switched off.
    const { youngest = waitMs >= upForMs ? Infinity : 0 } = answer;
    if (answer.problem === undefined && youngest >= upForMs) return { depths: answer.depths };
    problem = answer.problem ?? 'the broker was started a moment ago';
    waitMs = answer.problem === undefined ? upForMs - youngest : BETWEEN_TRIES_MS;
  }
  return { depths: new Map(), problem };
}

/** `youngest`: for how long the node that was started last has been up, ms; undefined while none says. */
async function reading(
  broker: BrokerAddress,
  stopped: AbortSignal | undefined,
): Promise<QueueReading & { readonly youngest?: number }> {
  const { pathname } = new URL(broker.url);
  const vhost = pathname.length > 1 ? pathname.slice(1) : '%2F';
  try {
    const [queues, nodes] = await Promise.all([
      ask<{ name: string; messages?: number }>(
        broker,
        `queues/${vhost}?columns=name,messages&${AS_TOLD_LAST}`,
        stopped,
      ),
      ask<{ uptime?: number }>(broker, 'nodes?columns=uptime', stopped),
    ]);
    return {
      depths: new Map(queues.map(({ name, messages = 0 }) => [name, messages])),
      ...youngestOf(nodes),
    };
  } catch (error) {
    return {
      depths: new Map(),
      problem: error instanceof Refused ? error.message : 'the management API does not answer',
    };
  }
}

function youngestOf(nodes: readonly { uptime?: number }[]): { youngest?: number } {
  const uptimes = nodes.flatMap(({ uptime }) => (uptime === undefined ? [] : [uptime]));
  return uptimes.length === 0 ? {} : { youngest: Math.min(...uptimes) };
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
