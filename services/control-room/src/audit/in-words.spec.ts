import { inWords } from './in-words.js';
import type { AuditReport } from './report.js';
import { checks, Kinds, Offenders } from './report.js';

const reportOf = (offenders: Offenders, open: AuditReport['open'] = []): AuditReport => {
  const results = offenders.results;
  const clean = results.every(({ count }) => count === 0);
  return { clean, takenAt: '2026-03-02T12:00:00.000Z', orders: 1_234, checks: results, open, aside: [], notes: [] };
};
const plain = (report: AuditReport) =>
  inWords(report, 1_500)
    .join('\n')
    .replaceAll(/\x1b\[\d+m/g, '');

describe('the report', () => {
  it('has every check once, and a name and an advice for each', () => {
    const names = checks.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { name, sentence, advice, promise } of checks) {
      expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(promise).toMatch(/^P\d+$/);
      expect([sentence, advice].every((text) => /\.$|\)\.$/.test(text))).toBe(true);
    }
  });

  it('says that everything adds up', () => {
    const text = plain(reportOf(new Offenders()));
    expect(text).toContain('Audit of 1,234 orders at 2026-03-02 12:00:00 UTC, in 1.5 s');
    expect(text.match(/✓/g)).toHaveLength(checks.length);
    expect(text).toMatch(/Everything adds up\.$/);
  });

  it('shows a hundred offenders, counts all of them, and says what to do', () => {
    const offenders = new Offenders();
    for (let number = 1; number <= 130; number += 1) offenders.add('invoice-adds-up', `order ${number}`);
    const report = reportOf(offenders);
    const found = report.checks.find(({ count }) => count > 0)!;
    expect([report.clean, found.name, found.count, found.offending.length]).toEqual([
      false,
      'invoice-adds-up',
      130,
      100,
    ]);
    const text = plain(report);
    expect(text).toMatch(/→ .*cancel it and issue another one[^]*order 100\n {4}… and 30 more[^]*1 of \d+ checks/);
  });

  it('counts where orders wait, the most frequent first', () => {
    const kinds = new Kinds();
    for (const kind of ['charge pending', 'pick list open', 'pick list open']) kinds.add(kind);
    const text = plain(reportOf(new Offenders(), kinds.all));
    expect(text).toMatch(/where they wait\n +2 {2}pick list open\n +1 {2}charge pending/);
  });
});
