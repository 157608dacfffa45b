import type { OrderFacts } from '../order-facts.js';

/** One sentence about the business that is true or false. `name` is permanent: dashboards and tests use it. */
export interface Check {
  readonly name: string;
  /** Its number in the list of promises: `P7`. */
  readonly promise: string;
  readonly sentence: string;
  /** What to do when it is false. */
  readonly advice: string;
}

/** When it is asked, and how long things may take. Times in ms. */
export interface Moment {
  readonly now: number;
  /** After its last fact an order is given so long before "not yet" becomes "never". */
  readonly settleMs: number;
  /** From the invoice until the goods have left. */
  readonly deadlineMs: number;
}

/** A check that looks at one thing at a time. */
export interface Rule<Facts> extends Check {
  readonly isBrokenBy: (facts: Facts, moment: Moment) => boolean;
}

export type OrderRule = Rule<OrderFacts>;

/** Shortest way to write a table of rules. */
export function rulesOf<Facts>(
  promise: string,
  rules: Readonly<Record<string, Omit<Rule<Facts>, 'name' | 'promise'>>>,
): Rule<Facts>[] {
  return Object.entries(rules).map(([name, rule]) => ({ name, promise, ...rule }));
}
