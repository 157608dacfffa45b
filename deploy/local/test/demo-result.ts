import type { OrderTally } from '../src/demo/books.js';
import type { DemoResult } from '../src/demo/findings.js';

const nobodyWaits = { stock: 0, packing: 0, invoice: 0, dispatch: 0, payment: 0, completion: 0 };

export const tallied = (some: Partial<OrderTally> = {}): OrderTally => {
  return { taken: 10, completed: 8, rejected: 1, cancelled: 1, waitingFor: nobodyWaits, ...some };
};

/** Of two waiting orders, one waits for its payment. */
export const twoWaiting = tallied({ completed: 6, waitingFor: { ...nobodyWaits, packing: 1, payment: 1 } });

export const money = {
  currency: 'GBP',
  invoiced: 1_000,
  cancelled: 100,
  received: 950,
  refunded: 100,
  refundsDue: 0,
  open: 50,
};

/** A demo of ten orders in which all is well. */
export const result = (some: Partial<DemoResult> = {}): DemoResult => ({
  submitted: 10,
  tally: tallied(),
  openItems: { charges: {}, pickLists: {} },
  departments: [{ name: 'sales', isAnswering: true, handled: 10, perSecond: 0, waiting: 0, deferred: 0, parked: 0 }],
  money: [money],
  audit: { report: { clean: true, checks: [{ name: 'ledger balances', promise: 'P7', count: 0, offending: [] }] } },
  ...some,
});
