/** For the launcher's demo: the same feed that `npm run orders` submits, without its command line. */
export { prepareFeed, sampleFile } from './prepared-feed.js';
export type { FeedChoice, PreparedFeed } from './prepared-feed.js';
export { receiveStock, StockRefused } from './receive-stock.js';
export type { Submission } from './repeat.js';
export type { Receipt, Stocking } from './stocking.js';
export { BrokerUnreachable, NobodyListens, Storefront } from './storefront.js';
export type { Pace, Progress } from './storefront.js';
export type { StorefrontEvent } from './storefront-event.js';
export { fileSummary, outcomeTable } from './report.js';
