import type { AuditOutcome } from './audit.js';
import type { MoneyTotals, OpenItems, OrderTally } from './books.js';
import type { DepartmentView } from './department-meter.js';
import { endedOf } from './progress-view.js';

/** All that is known when the demo is over. */
export interface DemoResult {
  submitted: number;
  tally: OrderTally;
  openItems: OpenItems;
  departments: readonly DepartmentView[];
  money: readonly MoneyTotals[];
  audit: AuditOutcome;
}

/** Orders that did not end: submitted, but neither completed nor rejected nor cancelled. */
export function waitingOrders({ submitted, tally }: Pick<DemoResult, 'submitted' | 'tally'>): number {
  return submitted - endedOf(tally);
}

/** Cancelled invoices demand nothing; what is demanded was received and kept, or is still open. */
export function isBalanced({ invoiced, cancelled, received, refunded, refundsDue, open }: MoneyTotals): boolean {
  return invoiced - cancelled === received - refunded - refundsDue + open;
}

/** What is wrong, a line each; empty when the sums add up, nothing was lost and the audit is clean. */
export function findings(result: DemoResult): string[] {
  const { submitted, tally, money, audit } = result;
  return [
    ...(tally.taken > submitted
      ? [`sales knows ${tally.taken} orders of this run, but ${submitted} were submitted`]
      : []),
    ...(tally.taken < submitted ? [`${submitted - tally.taken} orders never arrived in sales`] : []),
    ...unexplained(result),
    ...result.departments.flatMap(({ name, parked }) => (parked > 0 ? [`${name} has ${parked} parked messages`] : [])),
    ...money.filter((totals) => !isBalanced(totals)).map(({ currency }) => `the ${currency} amounts do not add up`),
    ...inAudit(audit),
  ];
}

/** To wait for a customer's money is no fault; to wait for nothing that anybody knows of is one. */
function unexplained({ tally, openItems }: DemoResult): string[] {
  const unpaid = Object.values(openItems.charges).reduce((sum, count) => sum + count, 0);
  const open = Object.values(tally.waitingFor).reduce((sum, count) => sum + count, 0);
  const stuck = open - Math.min(tally.waitingFor.payment, unpaid);
  return stuck > 0 ? [`${stuck} orders are stuck`] : [];
}

function inAudit(audit: AuditOutcome): string[] {
  if ('failure' in audit) return [`audit: ${audit.failure}`];
  return audit.report.checks
    .filter(({ count }) => count > 0)
    .map(({ name, promise, count }) => `audit: ${name} (${promise}): ${count} found`);
}
