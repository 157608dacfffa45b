/**
 * `receivables` what customers owe; `revenue` what was invoiced; `cash` what providers and storefronts took in; `unmatched`
 * money that belongs to no receivable; `refunds` what is owed back to customers.
 */
export type Account = 'receivables' | 'revenue' | 'cash' | 'unmatched' | 'refunds';

export type EntryKind = keyof typeof entryKinds;

/** What each kind of entry moves, and what its reference is. */
export const entryKinds = {
  /** A receivable is opened. */
  invoice: { debit: 'receivables', credit: 'revenue' },
  /** The part of a payment that is applied to its receivable. */
  payment: { debit: 'cash', credit: 'receivables' },
  /** The part of a payment that is not. */
  unmatched: { debit: 'cash', credit: 'unmatched' },
  /** What was still owed when a receivable became void. */
  void: { debit: 'revenue', credit: 'receivables' },
  /** The applied part of a payment is to go back. */
  'refund-owed': { debit: 'revenue', credit: 'refunds' },
  /** The part that was not applied is to go back. */
  'unmatched-owed': { debit: 'unmatched', credit: 'refunds' },
  /** A refund is paid. */
  refund: { debit: 'refunds', credit: 'cash' },
} as const satisfies Record<string, { debit: Account; credit: Account }>;

export interface Booking {
  readonly kind: EntryKind;
  /** The receivable, payment or refund that is booked; once for each kind. */
  readonly reference: string;
  readonly receivableId: string | null;
  /** Minor units; an entry of 0 is left out. */
  readonly amount: number;
  readonly currency: string;
}
