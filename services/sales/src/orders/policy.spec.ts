import { OrderSheet } from '@retaguarda/contracts';
import { objectionsTo } from './policy.js';

const withTerms = (terms: OrderSheet['payment']['terms']): OrderSheet => ({
  ...OrderSheet.example,
  payment: { terms, method: 'pix' },
});

describe('what sales takes', () => {
  it.each(['prepaid', 'on-invoice'] as const)('is paid %s', (terms) => {
    expect(objectionsTo(withTerms(terms))).toEqual([]);
  });

  it('is not paid in advance, which is said', () => {
    expect(objectionsTo(withTerms('in-advance'))).toEqual([expect.stringContaining('in advance is not offered')]);
  });

  it('may cost nothing', () => {
    expect(objectionsTo({ ...OrderSheet.example, total: 0 })).toEqual([]);
  });
});
