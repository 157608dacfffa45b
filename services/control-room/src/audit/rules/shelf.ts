import type { SeriesFacts } from '../invoicing.facts.js';
import type { PlaceFacts } from '../stock.facts.js';
import { rulesOf } from './check.js';

/** Each item at each location. */
export const shelfRules = rulesOf<PlaceFacts>('P7', {
  'on-hand-is-movements': {
    sentence: 'What is on hand is the sum of all movements (ids are sku@location).',
    advice: 'Count the shelf; then look for the movement that is missing, or there twice.',
    isBrokenBy: ({ onHand, moved }) => onHand !== moved,
  },
  'reserved-within-on-hand': {
    sentence: 'Never less than nothing and never more than is on hand is reserved.',
    advice: 'Goods are promised that are not there: count the shelf and cancel an order that cannot be filled.',
    isBrokenBy: ({ onHand, reserved }) => reserved < 0 || reserved > onHand,
  },
  'reserved-is-held': {
    sentence: 'What is reserved is the sum of the lines of the orders that hold it.',
    advice: 'Look for a reservation that ended without freeing its goods.',
    isBrokenBy: ({ reserved, held }) => reserved !== held,
  },
  'sold-is-taken': {
    sentence: 'What left the shelf, less what came back, is what packed orders took.',
    advice: 'A sale or a return was recorded twice or not at all: compare movements and reservations of the item.',
    isBrokenBy: ({ sold, taken }) => sold !== taken,
  },
});

/** Each number series. */
export const seriesRules = rulesOf<SeriesFacts>('P7', {
  'series-without-gap': {
    sentence:
      'Numbers of invoices have no gap and no repeat, and the counter stands after the last one (ids are series).',
    advice: 'Void the missing numbers at the authority before the 10th of next month; never use them again.',
    isBrokenBy: ({ nextNumber, count, distinct, lowest, highest, missing }) =>
      missing.length > 0 ||
      distinct !== count ||
      (highest ?? 0) !== count ||
      (lowest ?? 1) !== 1 ||
      nextNumber !== count + 1,
  },
});
