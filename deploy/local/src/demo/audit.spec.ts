import { outcomeOf } from './audit.js';

const clean = { clean: true, checks: [{ name: 'ledger balances', promise: 'P7', count: 0, offending: [] }] };

describe('the answer of the audit', () => {
  it('is its report when exit code and report agree', () => {
    expect(outcomeOf(0, { out: JSON.stringify(clean), err: '' })).toEqual({ report: clean });
    const found = { ...clean, clean: false };
    expect(outcomeOf(1, { out: JSON.stringify(found), err: '' })).toEqual({ report: found });
  });

  it.each([
    ['it failed', 2, JSON.stringify(clean)],
    ['it printed no report', 0, 'Cannot find module'],
    ['it says clean, but its exit code does not', 1, JSON.stringify(clean)],
    ['it was killed', null, ''],
  ])('is no audit when %s', (_, code, out) => {
    expect(outcomeOf(code, { out, err: '\nthe reason\n' })).toEqual({
      failure: `it could not be done (exit code ${code}): the reason`,
    });
  });
});
