/** Every row of the file ends in exactly one of these; the text says why, for the table that the command prints. */
export const reasons = {
  'order line': 'goods sold: one row is one line of an order',
  'shipping fee': 'postage or carriage (POST, DOT, C2): the shipping fee of its order',
  'manual charge': "typed in by hand (M): a service line, so that the order's total is the invoice's",
  'cancellation request': 'a credit invoice over a whole earlier order: its cancellation is requested',
  'partial return': 'credits a part of an earlier order: returning single lines is not offered yet',
  'unmatched return': 'credits goods whose sale is not in this file: there is no order to cancel',
  'later credit': 'credits a discount or a fee after the sale (D, POST, M…): not an order',
  'stock correction': 'no price, or less than nothing sold: the shop corrected its shelf, nobody bought anything',
  bookkeeping: 'bank charge, marketplace fee, discount and the like: nothing that a customer ordered',
  'charge without goods': 'an invoice of charges only: nothing to take from a shelf',
} as const;

export type Outcome = keyof typeof reasons;

export interface RowOutcome {
  row: number;
  outcome: Outcome;
  why: string;
}

/** Rows by outcome, in the order of {@link reasons}; outcomes without a row are left out. */
export function tally(outcomes: readonly RowOutcome[]): { outcome: Outcome; rows: number; why: string }[] {
  const counts = new Map<Outcome, number>();
  for (const { outcome } of outcomes) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  return (Object.keys(reasons) as Outcome[])
    .filter((outcome) => counts.has(outcome))
    .map((outcome) => ({ outcome, rows: counts.get(outcome) ?? 0, why: reasons[outcome] }));
}
