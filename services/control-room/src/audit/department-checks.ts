import { accountFacts, unmatchedFacts } from './billing.facts.js';
import type { AccountFacts } from './billing.facts.js';
import { seriesFacts } from './invoicing.facts.js';
import { asideFacts, unsentFacts } from './messages.facts.js';
import type { Snapshots } from './order-facts.js';
import type { AuditReport, Offenders } from './report.js';
import type { Moment, Rule } from './rules/check.js';
import { accountRules, currencyRules, unmatchedRules } from './rules/money.js';
import { outboxRules } from './rules/outbox.js';
import { seriesRules, shelfRules } from './rules/shelf.js';
import type { Snapshot } from './snapshot.js';
import { placeFacts } from './stock.facts.js';

/** What is true or false inside one database, whose snapshot cannot contradict itself: once is enough. */
export class DepartmentChecks {
  constructor(
    private readonly offenders: Offenders,
    private readonly moment: Moment,
  ) {}

  async run(at: Snapshots): Promise<AuditReport['aside']> {
    await this.each(placeFacts(at.stock), shelfRules, ({ sku, location }) => `${sku}@${location}`);
    for (const series of await seriesFacts(at.invoicing)) this.judge(series, seriesRules, series.code);
    this.accounts(await accountFacts(at.billing));
    await this.each(unmatchedFacts(at.billing), unmatchedRules, ({ paymentId }) => paymentId);
    const aside = await Promise.all(Object.values(at).map((department) => this.messages(department)));
    return aside.flat();
  }

  private accounts(accounts: readonly AccountFacts[]): void {
    for (const facts of accounts) this.judge(facts, accountRules, `${facts.account} ${facts.currency}`);
    for (const currency of new Set(accounts.map((account) => account.currency))) {
      const own = accounts.filter((account) => account.currency === currency);
      this.judge(own, currencyRules, currency);
    }
  }

  private async messages(department: Snapshot): Promise<AuditReport['aside']> {
    await this.each(unsentFacts(department), outboxRules, ({ id }) => `${department.department}/${id}`);
    return asideFacts(department);
  }

  private async each<Facts>(
    pages: AsyncIterable<Facts[]>,
    rules: readonly Rule<Facts>[],
    idOf: (facts: Facts) => string,
  ): Promise<void> {
    for await (const page of pages) for (const facts of page) this.judge(facts, rules, idOf(facts));
  }

  private judge<Facts>(facts: Facts, rules: readonly Rule<Facts>[], id: string): void {
    for (const rule of rules) if (rule.isBrokenBy(facts, this.moment)) this.offenders.add(rule.name, id);
  }
}
