import {
  at,
  billing,
  cancelled,
  completed,
  fulfillment,
  invoicing,
  later,
  message,
  order,
  placed,
  rejected,
  sales,
  stock,
} from '../../test/audited-orders.js';
import { judge } from './findings.js';
import type { OrderFacts } from './order-facts.js';
import { hopChecks, hops } from './rules/hops.js';
import { lineRules } from './rules/line.js';
import { moneyRules } from './rules/money.js';
import { explainedCheck } from './rules/waiting.js';

const brokenBy = (facts: OrderFacts) => judge(facts, later).findings.map(({ check }) => check);
const { orderId } = completed();

describe('an order in which nothing is wrong', () => {
  it.each([
    ['was shipped and paid', completed()],
    ['was refused for want of stock', rejected],
    ['was refused by sales at once', order({ sales: placed({ rejectedAt: at(0) }) })],
    ['was cancelled after its invoice, and all was undone', cancelled],
    [
      'was cancelled before it came to stock or fulfillment',
      order({
        sales: placed({ cancellationRequestedAt: at(1), cancelledAt: at(2) }),
        stock: stock({ status: 'released', goods: '0', changedAt: at(3) }),
        fulfillment: fulfillment({
          ...{ status: 'stopped', packedAt: null, leftAt: null, goods: '0', document: null, changedAt: at(2) },
        }),
      }),
    ],
    [
      'was shipped although the customer wanted it cancelled',
      completed({
        sales: sales({ cancellationRequestedAt: at(6), cancellationRefusedAt: at(7) }),
        fulfillment: fulfillment({ refusedAt: at(6) }),
      }),
    ],
    [
      'was paid by a transfer, which no provider collects',
      completed({ billing: billing({ method: 'other', charged: null, chargedCurrency: null, chargeState: null }) }),
    ],
    [
      'costs nothing',
      completed({
        sales: sales({ total: 0 }),
        invoicing: invoicing({ total: 0, addedUp: 0, printed: 0 }),
        billing: billing({
          ...{ amount: 0, paid: 0, scheduled: 0, chargeState: null, charged: null, chargedCurrency: null },
          ...{ captured: 0, applied: 0, kept: 0 },
        }),
      }),
    ],
  ])('%s: no check finds anything', (_, facts) => {
    expect(judge(facts, later)).toEqual({ findings: [], place: undefined });
  });
});

describe('an order whose goods left although stock took them back', () => {
  it.each(['released', 'returned'] as const)('is found when stock says that they are %s', (status) => {
    expect(brokenBy(completed({ stock: stock({ status }) }))).toContain('picked-when-reserved');
  });
});

/** For each check an order that breaks it, and everything else that is wrong with that order. */
const planted: Record<string, [OrderFacts, ...(typeof explainedCheck.name)[]]> = {
  'work-has-order': [order({ stock: stock({ status: 'released' }) })],
  'receivable-has-order': [completed({ billing: billing({ invoiceId: 'another' }) })],
  'picked-when-reserved': [
    completed({ stock: stock({ status: 'rejected', goods: '0' }) }),
    'sales-tells-the-truth',
    'accepted-is-decided',
  ],
  'invoiced-when-packed': [completed({ fulfillment: fulfillment({ packedAt: null }) }), 'sales-tells-the-truth'],
  'shipped-with-invoice': [completed({ invoicing: invoicing({ status: 'cancelled', cancelledAt: at(590) }) })],
  'invoice-as-issued': [completed({ invoicing: invoicing({ document: 'invoice 1/8' }) })],
  'shipped-whole': [completed({ fulfillment: fulfillment({ parcelsHere: 1 }) })],
  'goods-as-ordered': [completed({ fulfillment: fulfillment({ goods: '41' }) })],
  'sales-tells-the-truth': [
    completed({
      sales: sales({ paidAt: at(5), completedAt: null, shippedAt: null }),
      billing: open(),
      fulfillment: here(),
    }),
  ],
  'rejected-holds-nothing': [
    order({ sales: placed({ rejectedAt: at(2), reservedAt: at(1) }), stock: stock({ status: 'reserved' }) }),
    'handed-on',
  ],
  'cancelled-stays-here': [
    { ...cancelled, fulfillment: { ...cancelled.fulfillment!, leftAt: at(6) } },
    'shipped-with-invoice',
  ],
  'completed-is-shipped-and-paid': [completed({ sales: sales({ completedAt: null }) }), 'unfinished-is-explained'],
  'invoiced-is-shipped-in-time': [
    completed({
      sales: sales({ shippedAt: null, completedAt: null }),
      fulfillment: here(),
      invoicing: invoicing({ issuedAt: at(600) - later.deadlineMs - 1 }),
    }),
  ],
  'invoice-adds-up': [completed({ invoicing: invoicing({ printed: 23_769 }) })],
  'invoiced-as-ordered': [completed({ sales: sales({ currency: 'EUR' }) })],
  'owed-as-invoiced': [
    completed({
      sales: sales({ total: 23_771 }),
      invoicing: invoicing({ total: 23_771, addedUp: 23_771, printed: 23_771 }),
    }),
  ],
  'charged-as-owed': [completed({ billing: billing({ charged: 23_769 }) })],
  'paid-at-most-what-is-owed': [
    completed({ billing: billing({ applied: 23_771, captured: 23_771, kept: 23_771 }) }),
    'kept-at-most-what-is-owed',
  ],
  'kept-at-most-what-is-owed': [completed({ billing: billing({ captured: 23_771, kept: 23_771 }) })],
  'refunded-at-most-what-came': [completed({ billing: billing({ refunded: 23_771, refunds: 23_771 }) })],
  'void-is-given-back': [{ ...cancelled, billing: { ...cancelled.billing!, refunded: 0, refunds: 0 } }],
  'ledger-knows-what-is-owed': [completed({ billing: billing({ balance: 1 }) })],
  'accepted-is-decided': [order({ sales: placed() })],
  'handed-on': [completed({ stock: stock({ status: 'reserved' }) })],
  'told-to-sales': [completed({ sales: sales({ packedAt: null }) })],
  'cancelled-is-undone': [{ ...cancelled, stock: stock() }],
  'unfinished-is-explained': [
    completed({
      sales: sales({ paidAt: null, completedAt: null }),
      billing: billing({ status: 'void', refunded: 23_770, refunds: 23_770 }),
    }),
  ],
};

function open() {
  return billing({
    ...{
      status: 'open' as const,
      paid: 0,
      chargeState: 'pending' as const,
      captured: 0,
      kept: 0,
      applied: 0,
      lastPaymentAt: null,
    },
    ...{ balance: 23_770 },
  });
}

function here() {
  return fulfillment({ status: 'ready', leftAt: null, parcelsHere: 1 });
}

describe('a planted deviation', () => {
  it.each(Object.entries(planted))('%s is found, and nothing that is right beside it', (check, [facts, ...others]) => {
    expect(new Set(brokenBy(facts))).toEqual(new Set([check, ...others]));
  });

  it('exists for every check that looks at orders', () => {
    const names = [...lineRules, ...moneyRules, ...hopChecks, explainedCheck].map(({ name }) => name);
    expect(Object.keys(planted).sort()).toEqual(names.sort());
  });
});

describe('each way in which content may differ', () => {
  it.each<[string, OrderFacts, string]>([
    ['a receivable without invoice', completed({ invoicing: undefined }), 'receivable-has-order'],
    ['a receivable without order', completed({ sales: undefined }), 'receivable-has-order'],
    ['an invoice without order', order({ invoicing: invoicing() }), 'work-has-order'],
    ['a pick list without reservation', completed({ stock: undefined }), 'picked-when-reserved'],
    ['a parcel gone without any invoice', completed({ invoicing: undefined }), 'shipped-with-invoice'],
    ['other goods reserved', completed({ stock: stock({ goods: '43' }) }), 'goods-as-ordered'],
    ['other goods invoiced', completed({ invoicing: invoicing({ goods: '43' }) }), 'goods-as-ordered'],
    ['a payment that billing does not know', completed({ billing: undefined }), 'sales-tells-the-truth'],
    ['a rejection that stock does not know', order({ sales: placed({ rejectedAt: at(2) }) }), 'sales-tells-the-truth'],
    ['an invoice that invoicing does not know', completed({ invoicing: undefined }), 'sales-tells-the-truth'],
    ['completed, not shipped', completed({ fulfillment: here() }), 'completed-is-shipped-and-paid'],
    ['completed, not paid', completed({ billing: open() }), 'completed-is-shipped-and-paid'],
    ['rejected, with an invoice', { ...rejected, invoicing: invoicing() }, 'rejected-holds-nothing'],
    ['rejected, with a pick list', { ...rejected, fulfillment: here() }, 'rejected-holds-nothing'],
    ['owed in another currency', completed({ billing: billing({ currency: 'EUR' }) }), 'owed-as-invoiced'],
    ['an invoice of another total', completed({ sales: sales({ total: 1 }) }), 'invoiced-as-ordered'],
    ['charged in another currency', completed({ billing: billing({ chargedCurrency: 'EUR' }) }), 'charged-as-owed'],
    ['instalments of another sum', completed({ billing: billing({ scheduled: 23_769 }) }), 'charged-as-owed'],
    ['no charge at all', completed({ billing: billing({ charged: null, chargeState: null }) }), 'charged-as-owed'],
    ['prepaid and charged', completed({ billing: billing({ terms: 'prepaid' }) }), 'charged-as-owed'],
    [
      'paid in part, and counted as paid',
      completed({ billing: billing({ paid: 1, applied: 1 }) }),
      'paid-at-most-what-is-owed',
    ],
    ['a refund of no payment', completed({ billing: billing({ refunds: 5 }) }), 'refunded-at-most-what-came'],
    ['a line that is not what was added up', completed({ invoicing: invoicing({ addedUp: 1 }) }), 'invoice-adds-up'],
  ])('%s is found', (_, facts, check) => expect(brokenBy(facts)).toContain(check));
});

describe('money that came twice', () => {
  const twice = { captured: 47_540, kept: 47_540, lastPaymentAt: at(541) };

  it('is no finding while it goes back, nor until it has had time to settle', () => {
    expect(
      brokenBy(completed({ billing: billing({ ...twice, kept: 23_770, refunded: 23_770, refunds: 23_770 }) })),
    ).toEqual([]);
    expect(brokenBy(completed({ billing: billing(twice) }))).toEqual([]);
    expect(brokenBy(completed({ billing: billing({ ...twice, lastPaymentAt: at(539) }) }))).toEqual([
      'kept-at-most-what-is-owed',
    ]);
  });
});

describe('what is on its way', () => {
  const fresh = order({ sales: placed({ placedAt: at(541) }) });
  const old = order({ sales: placed({ placedAt: at(539) }) });

  it('is no finding until it has had time to settle', () => {
    expect(judge(fresh, later)).toEqual({ findings: [], place: 'on its way to stock.reserve-stock' });
    expect(judge(old, later)).toMatchObject({
      findings: [{ check: 'accepted-is-decided', id: `${orderId} stock.reserve-stock`, hop: { since: at(539) } }],
      place: undefined,
    });
  });

  it.each([
    ['outbox', null, 'in an outbox for stock.reserve-stock'],
    ['deferred', 'stock.reserve-stock', 'deferred at stock.reserve-stock'],
    ['parked', 'stock.reserve-stock', 'parked at stock.reserve-stock'],
  ] as const)('is no finding while its message is seen: %s', (place, step, kind) => {
    const seen = { ...old, messages: [message(place, step, 'sales.order-placed.v1')] };
    expect(judge(seen, later)).toEqual({ findings: [], place: kind });
  });

  it('is not explained by a message for another step, or of another kind', () => {
    const others = [
      message('parked', 'sales.record-progress', 'sales.order-placed.v1'),
      message('outbox', null, 'stock.stock-reserved.v1'),
    ];
    expect(brokenBy({ ...old, messages: others })).toEqual(['accepted-is-decided']);
  });

  it.each(hops.map(({ step, type }) => [step, type]))('%s is looked after for %s', (step, type) => {
    expect(lackingOf(step, type)).toContain(step);
  });
});

/** For each hop an order to which exactly its effect did not happen. */
function lackingOf(step: string, type: string): string {
  const lacking: Record<string, OrderFacts> = {
    'stock.reserve-stock': order({ sales: placed() }),
    'sales.reject-order': { ...rejected, sales: placed() },
    'fulfillment.open-pick-list': order({ sales: placed({ reservedAt: at(1) }), stock: stock({ status: 'reserved' }) }),
    'invoicing.issue-invoice': completed({ invoicing: undefined, billing: undefined }),
    'fulfillment.release-for-dispatch': completed({ fulfillment: fulfillment({ status: 'packed', leftAt: null }) }),
    'billing.open-receivable': completed({ billing: undefined }),
    'billing.charge-customer': completed({ billing: { ...open(), chargeState: 'requested' } }),
    'stock.take-from-shelf': completed({ stock: stock({ status: 'reserved' }) }),
    'fulfillment.stop-order': completed({ sales: sales({ cancellationRequestedAt: at(5) }) }),
    'sales.cancel-order': { ...cancelled, sales: { ...cancelled.sales!, cancelledAt: null } },
    'sales.record-refusal': completed({ fulfillment: fulfillment({ refusedAt: at(5) }) }),
    'stock.release-stock': { ...cancelled, stock: stock() },
    'invoicing.cancel-invoice': { ...cancelled, invoicing: invoicing() },
    'billing.cancel-receivable': { ...cancelled, billing: billing() },
    'sales.record-progress stock.stock-reserved.v1': completed({ sales: sales({ reservedAt: null }) }),
    'sales.record-progress fulfillment.order-packed.v1': completed({ sales: sales({ packedAt: null }) }),
    'sales.record-progress invoicing.invoice-issued.v1': completed({ sales: sales({ invoicedAt: null }) }),
    'sales.record-progress fulfillment.order-shipped.v1': completed({ sales: sales({ shippedAt: null }) }),
    'sales.record-progress billing.payment-received.v1': completed({ sales: sales({ paidAt: null }) }),
  };
  const facts = lacking[step === 'sales.record-progress' ? `${step} ${type}` : step]!;
  const found = judge(facts, later).findings.filter(({ hop }) => hop);
  expect(found).toHaveLength(1);
  return found[0]!.id;
}

describe('an unfinished order waits', () => {
  const toBePaid = { paidAt: null, completedAt: null };
  const unpaid = (chargeState: 'pending' | 'unknown' | 'refused' | null) =>
    completed({
      sales: sales(toBePaid),
      billing: { ...open(), chargeState, ...(chargeState ? {} : { charged: null, terms: 'prepaid' as const }) },
    });
  const inHouse = (changes: Parameters<typeof fulfillment>[0]) =>
    order({
      sales: placed({ reservedAt: at(1) }),
      stock: stock({ status: 'reserved' }),
      fulfillment: fulfillment({ packedAt: null, leftAt: null, goods: '0', ...changes }),
    });

  it.each([
    ['pick list open', inHouse({ status: 'open' })],
    ['being picked', inHouse({ status: 'picking' })],
    ['short: not all on the shelf', inHouse({ status: 'picking', hasShortage: true })],
    [
      'parcel to be dispatched',
      completed({ sales: sales({ shippedAt: null, completedAt: null }), fulfillment: here() }),
    ],
    ['charge pending', unpaid('pending')],
    ['charge without answer', unpaid('unknown')],
    ['charge refused', unpaid('refused')],
    ['payment due', unpaid(null)],
  ])('%s', (place, facts) => {
    expect(judge(facts, { ...later, deadlineMs: Infinity })).toEqual({ findings: [], place });
  });

  it('at one place, the first in the order of the line, although two things are still to be done', () => {
    const both = completed({ sales: sales({ ...toBePaid, shippedAt: null }), fulfillment: here(), billing: open() });
    expect(judge(both, later).place).toBe('parcel to be dispatched');
  });
});
