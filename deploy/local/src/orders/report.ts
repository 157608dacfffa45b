import { basename } from 'node:path';
import type { RowOutcome } from './outcomes.js';
import { tally } from './outcomes.js';
import type { PreparedFeed } from './prepared-feed.js';
import type { Progress } from './storefront.js';

const number = new Intl.NumberFormat('en-GB');
const count = (amount: number, one: string, many = `${one}s`) =>
  `${number.format(amount)} ${amount === 1 ? one : many}`;

/** The table of what became of the file's rows; its sum is every row. */
export function outcomeTable(outcomes: readonly RowOutcome[]): string {
  const rows = tally(outcomes);
  const width = Math.max('outcome'.length, ...rows.map(({ outcome }) => outcome.length));
  const line = (amount: string, outcome: string, why: string) =>
    `  ${amount.padStart(6)}  ${outcome.padEnd(width)}  ${why}`.trimEnd();
  return [
    line('rows', 'outcome', 'why'),
    ...rows.map(({ rows: amount, outcome, why }) => line(number.format(amount), outcome, why)),
    line(number.format(outcomes.length), 'all rows', ''),
  ].join('\n');
}

export function fileSummary(file: string, { day }: PreparedFeed): string {
  const { outcomes, orders, catalogue, cancellations } = day;
  return (
    `${basename(file)}: ${count(outcomes.length, 'row')} became ${count(orders.length, 'order')} ` +
    `for ${count(catalogue.length, 'item')} and ${count(cancellations.length, 'cancellation')}.`
  );
}

export interface Submitted {
  run: string;
  seed: string;
  /** Goods are received first. */
  isStocked: boolean;
}

/** What is going to be submitted: one line each for orders, cancellations and goods. */
export function feedSummary(feed: PreparedFeed, { run, seed, isStocked }: Submitted): string {
  const cancellations = { simulated: 0, fromData: 0 };
  for (const submission of feed.submissions()) {
    if (submission.kind === 'cancellation') cancellations[submission.isSimulated ? 'simulated' : 'fromData'] += 1;
  }
  const { length } = feed.day.orders;
  const repeats = feed.count > length ? ` (the day's ${length}, then the same day again with new numbers)` : '';
  return [
    `  orders         ${number.format(feed.count)}${repeats}, run ${run}, seed ${seed}`,
    `  cancellations  ${cancellations.fromData} from the file, ${cancellations.simulated} simulated ` +
      '(a customer who changes their mind shortly after)',
    `  goods          ${isStocked ? goodsLine(feed) : 'none received: what is on the shelf must do'}`,
  ].join('\n');
}

function goodsLine({ stocking, count: orders }: PreparedFeed): string {
  const lines = stocking.receipts.flatMap((receipt) => receipt.lines);
  const pieces = lines.reduce((sum, { quantity }) => sum + quantity, 0);
  const share = Math.round((100 * stocking.expectedRejections) / orders);
  const goods = `${count(pieces, 'piece')} of ${count(lines.length, 'item')} in ${count(stocking.receipts.length, 'receipt')}`;
  if (stocking.shortSkus.length === 0) return `${goods}: enough for every order`;
  return (
    `${goods}; ${count(stocking.shortSkus.length, 'item')} short on purpose: expect about ` +
    `${count(stocking.expectedRejections, 'order')} (${share} %) to be rejected`
  );
}

export function progressLine({ confirmed, unconfirmed, reconnects }: Progress, total: number): string {
  const again = reconnects > 0 ? `, ${count(reconnects, 'reconnect')}` : '';
  return `  ${number.format(confirmed)} of ${number.format(total)} messages accepted, ${unconfirmed} on the way${again}`;
}

export function doneLine({ confirmed, reconnects }: Progress, elapsedMs: number): string {
  const seconds = elapsedMs / 1_000;
  const rate = Math.round(confirmed / Math.max(seconds, 0.001));
  return (
    `Submitted ${count(confirmed, 'message')} in ${seconds.toFixed(1)} s (${number.format(rate)} per second), ` +
    `${count(reconnects, 'reconnect')}. Every one was confirmed by the broker.`
  );
}
