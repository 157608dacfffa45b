import type { AccountFacts, UnmatchedFacts } from '../billing.facts.js';
import type { OrderFacts } from '../order-facts.js';
import { rulesOf } from './check.js';

/** The money of one order. */
export const moneyRules = rulesOf<OrderFacts>('P7', {
  'invoice-adds-up': {
    sentence: 'The total of an invoice is the sum of its lines and the shipping fee.',
    advice: 'The document was changed after it was issued: cancel it and issue another one.',
    isBrokenBy: ({ invoicing }) =>
      invoicing !== undefined && (invoicing.total !== invoicing.addedUp || invoicing.total !== invoicing.printed),
  },
  'invoiced-as-ordered': {
    sentence: 'The total of an invoice is the total of its order.',
    advice: 'The customer agreed to the order’s total: cancel the invoice and issue it again.',
    isBrokenBy: ({ sales, invoicing }) =>
      Boolean(sales && invoicing) && (sales!.total !== invoicing!.total || sales!.currency !== invoicing!.currency),
  },
  'owed-as-invoiced': {
    sentence: 'What a customer owes is what was invoiced.',
    advice: 'Compare receivable and invoice; void the receivable and open it again.',
    isBrokenBy: ({ invoicing, billing }) =>
      Boolean(invoicing && billing) &&
      (invoicing!.total !== billing!.amount || invoicing!.currency !== billing!.currency),
  },
  'charged-as-owed': {
    sentence: 'What is charged, and the sum of the instalments, is what is owed.',
    advice: 'Tell the provider to correct the charge before the customer pays it.',
    isBrokenBy: ({ billing }) => {
      if (!billing) return false;
      const { amount, currency, charged, chargedCurrency, scheduled, terms, method } = billing;
      const isToBeCharged = terms === 'on-invoice' && method !== 'other' && amount > 0;
      if (scheduled !== amount || isToBeCharged !== (charged !== null)) return true;
      return charged !== null && (charged !== amount || chargedCurrency !== currency);
    },
  },
  'paid-at-most-what-is-owed': {
    sentence: 'What counts as paid is the sum of the payments that were applied, and at most what is owed.',
    advice: 'Look at the payments of the receivable; give back what is too much.',
    isBrokenBy: ({ billing }) =>
      billing !== undefined &&
      (billing.applied > billing.amount ||
        billing.applied !== billing.paid ||
        (billing.status !== 'void' && (billing.status === 'paid') !== (billing.paid === billing.amount))),
  },
  'kept-at-most-what-is-owed': {
    sentence: 'What came in and does not go back is at most what is owed.',
    advice: 'The customer paid twice or too much (billing lists it as unmatched): give back what is too much.',
    isBrokenBy: ({ billing }, { now, settleMs }) =>
      billing !== undefined && billing.kept > billing.amount && now - (billing.lastPaymentAt ?? 0) > settleMs,
  },
  'refunded-at-most-what-came': {
    sentence: 'At most what came in goes back, and each refund belongs to a payment.',
    advice: 'Stop the refund at the provider and look at its payments.',
    isBrokenBy: ({ billing }) =>
      billing !== undefined && (billing.refunds > billing.captured || billing.refunds !== billing.refunded),
  },
  'void-is-given-back': {
    sentence: 'For a void receivable all the money that came in goes back.',
    advice: 'Refund the customer.',
    isBrokenBy: ({ billing }) => billing?.status === 'void' && billing.captured !== billing.refunded,
  },
  'ledger-knows-what-is-owed': {
    sentence: 'The ledger says of each receivable what is outstanding.',
    advice: 'Do not correct the ledger by hand: find the payment or voiding that is missing in it, or is in it twice.',
    isBrokenBy: ({ billing }) =>
      billing !== undefined && billing.balance !== (billing.status === 'void' ? 0 : billing.amount - billing.paid),
  },
});

/** Each account in each currency. */
export const accountRules = rulesOf<AccountFacts>('P7', {
  'accounts-agree': {
    sentence: 'Each account of the ledger is the sum of the receivables, payments and refunds that make it up.',
    advice: 'Find what was recorded and not booked, or booked twice; book the difference with its reason.',
    isBrokenBy: ({ debits, credits, expected }) => debits - credits !== expected,
  },
});

/** All accounts of one currency. */
export const currencyRules = rulesOf<readonly AccountFacts[]>('P7', {
  'debits-are-credits': {
    sentence: 'In each currency debits and credits are equal.',
    advice: 'An entry has one side only: restore the ledger, nothing in it can be trusted.',
    isBrokenBy: (accounts) => accounts.reduce((sum, { debits, credits }) => sum + debits - credits, 0) !== 0,
  },
});

export const unmatchedRules = rulesOf<UnmatchedFacts>('P7', {
  'money-has-an-order': {
    sentence: 'Money that came in is for an order, or goes back (ids of payments).',
    advice: 'Find out whose it is (billing lists unmatched payments): apply it or refund it.',
    isBrokenBy: ({ isForNobody, recordedAt }, { now, settleMs }) => isForNobody && now - recordedAt > settleMs,
  },
});
