import { createReadStream } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readSales } from './read-sales.js';
import { ordersFor, plannedOrders } from './repeat.js';
import type { Submission } from './repeat.js';
import { stockingFor } from './stocking.js';
import type { Stocking } from './stocking.js';
import { storefrontEvent } from './storefront-event.js';
import type { StorefrontEvent } from './storefront-event.js';
import { toOrders } from './to-orders.js';
import type { DayOfOrders } from './to-orders.js';

export const sampleFile = fileURLToPath(new URL('../../sample/2010-12-01.csv', import.meta.url));

export interface FeedChoice {
  file?: string;
  /** The day's orders once if left out. */
  count?: number;
  seed?: string;
  /** Put before every external id; none: the invoice numbers as they are. */
  run?: string;
}

export interface PreparedFeed {
  day: DayOfOrders;
  count: number;
  stocking: Stocking;
  submissions(): Iterable<Submission>;
  /** The submissions as messages, each made when it is asked for. */
  events(clock?: () => Date): Iterable<StorefrontEvent>;
}

/** Everything that is known before anything is sent. Throws if the file is not there or is not a sales file. */
export async function prepareFeed({ file = sampleFile, seed = '1', run, count }: FeedChoice): Promise<PreparedFeed> {
  const day = toOrders(await readSales(createReadStream(file)), { seed });
  const feed = { count: count ?? day.orders.length, seed, from: day, run };
  return {
    day,
    count: feed.count,
    stocking: stockingFor([...plannedOrders(feed)], { seed, run }),
    submissions: () => ordersFor(feed),
    *events(clock = () => new Date()) {
      for (const submission of ordersFor(feed)) yield storefrontEvent(submission, clock());
    },
  };
}
