import { money, result, tallied, twoWaiting } from '../../test/demo-result.js';
import { byCurrency } from './books.js';
import { findings, isBalanced, waitingOrders } from './findings.js';

describe('the sums of the demo', () => {
  it('find nothing when every order ended and the money is where it belongs', () => {
    expect(findings(result())).toEqual([]);
  });

  it('find the orders that never arrived', () => {
    const wrong = findings(result({ tally: tallied({ taken: 9, completed: 7 }) }));
    expect(wrong).toEqual(['1 orders never arrived in sales']);
  });

  it('find an order that exists twice', () => {
    expect(findings(result({ tally: tallied({ taken: 11, completed: 9 }) }))).toEqual([
      'sales knows 11 orders of this run, but 10 were submitted',
    ]);
  });

  it('do not blame an order that waits for money which the customer has not paid', () => {
    const paying = { charges: { pending: 1 }, pickLists: {} };
    expect(waitingOrders({ submitted: 10, tally: twoWaiting })).toBe(2);
    expect(findings(result({ tally: twoWaiting, openItems: paying }))).toEqual(['1 orders are stuck']);
    expect(findings(result({ tally: twoWaiting }))).toEqual(['2 orders are stuck']);
  });

  it('find parked messages', () => {
    const [sales] = result().departments;
    expect(findings(result({ departments: [{ ...sales!, parked: 3 }] }))).toEqual(['sales has 3 parked messages']);
  });

  it('find money that is missing', () => {
    expect(isBalanced(money)).toBe(true);
    expect(isBalanced({ ...money, received: 949 })).toBe(false);
    expect(findings(result({ money: [{ ...money, open: 0 }] }))).toEqual(['the GBP amounts do not add up']);
  });

  it('take a refund that is on the way for paid back', () => {
    expect(isBalanced({ ...money, refunded: 40, refundsDue: 60 })).toBe(true);
  });

  it('say what the audit found, or that there was none', () => {
    const checks = [{ name: 'ledger balances', promise: 'P7', count: 2, offending: ['a', 'b'] }];
    expect(findings(result({ audit: { report: { clean: false, checks } } }))).toEqual([
      'audit: ledger balances (P7): 2 found',
    ]);
    expect(findings(result({ audit: { failure: 'it said nothing' } }))).toEqual(['audit: it said nothing']);
  });

  it('put together what each department knows of a currency', () => {
    const parts = [
      { currency: 'GBP', invoiced: 5 },
      { currency: 'BRL', invoiced: 7 },
      { currency: 'GBP', received: 5 },
    ];
    expect(byCurrency(parts)).toMatchObject([
      { currency: 'BRL', invoiced: 7, received: 0 },
      { currency: 'GBP', invoiced: 5, received: 5, open: 0 },
    ]);
  });
});
