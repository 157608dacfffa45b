import { formatMoney } from '@retaguarda/money';
import colors from 'picocolors';
import { inSeconds } from '../system/in-words.js';
import type { CashTimes, MoneyTotals, OrderTimes, WaitingFor } from './books.js';
import { isBalanced, waitingOrders } from './findings.js';
import type { DemoResult } from './findings.js';
import { whole } from './progress-view.js';

const tick = colors.green('✔');
const cross = colors.red('✖');

export function summaryLines(result: DemoResult, times: OrderTimes): string[] {
  return [...orderLines(result), '', ...timeLines(times), '', ...moneyLines(result.money), ...auditLines(result)];
}

function orderLines({ submitted, tally, ...rest }: DemoResult): string[] {
  const { completed, rejected, cancelled } = tally;
  const waiting = waitingOrders({ submitted, tally });
  const isSum = waiting >= 0 && tally.taken <= submitted;
  const line = (count: number, text: string) => `  ${whole(count).padStart(8)}  ${text}`;
  return [
    colors.bold('Orders'),
    line(submitted, 'submitted'),
    line(completed, 'completed: shipped or handed over, and paid'),
    line(rejected, 'rejected: not enough on the shelf (the sample is short on purpose)'),
    line(cancelled, 'cancelled by the customer in time'),
    line(waiting, 'waiting'),
    ...(waiting > 0 ? waitingLines({ submitted, tally, ...rest }) : []),
    `  ${`${completed} + ${rejected} + ${cancelled} + ${waiting} = ${submitted}`.padStart(8)}  ${isSum ? tick : cross}`,
  ];
}

const waitingFor: Record<WaitingFor, string> = {
  stock: "for stock's answer",
  packing: 'to be picked and packed',
  invoice: 'for their invoice',
  dispatch: 'to be dispatched',
  payment: 'for their payment',
  completion: 'for the last word of sales',
};

/** Where the orders are that did not end, and what else is lying about. */
export function waitingLines({
  submitted,
  tally,
  openItems,
  departments,
}: Omit<DemoResult, 'money' | 'audit'>): string[] {
  const absent = submitted - tally.taken;
  const steps = Object.entries(tally.waitingFor).filter(([, count]) => count > 0) as [WaitingFor, number][];
  const listed = (items: Record<string, number>) =>
    Object.entries(items)
      .map(([state, count]) => `${whole(count)} ${state}`)
      .join(', ');
  const line = (text: string) => `            ${colors.yellow('›')} ${text}`;
  return [
    ...(absent > 0 ? [line(`${whole(absent)} have not arrived in sales`)] : []),
    ...steps.map(([wait, count]) => line(`${whole(count)} ${waitingFor[wait]}`)),
    ...(listed(openItems.pickLists) ? [line(`pick lists: ${listed(openItems.pickLists)}`)] : []),
    ...(listed(openItems.charges) ? [line(`charges: ${listed(openItems.charges)}`)] : []),
    ...departments
      .filter(({ waiting, parked, isAnswering }) => waiting + parked > 0 || !isAnswering)
      .map(({ name, waiting, deferred, parked, isAnswering }) =>
        line(
          `${name}: ${whole(waiting)} messages (${whole(deferred)} deferred), ${whole(parked)} parked` +
            `${isAnswering ? '' : '; it does not answer'}`,
        ),
      ),
  ];
}

const payments: Record<CashTimes['payment'], string> = {
  'at once': 'paid at once (prepaid, Pix, card)',
  'by boleto': 'by boleto: the simulated customer takes some seconds',
  all: 'all completed orders',
};

function timeLines({ toCash, line: { orders, spanMs } }: OrderTimes): string[] {
  const cash = toCash.map(
    ({ payment, orders, p50Ms, p99Ms }) =>
      `  ${whole(orders).padStart(8)}  p50 ${inSeconds(p50Ms)}   p99 ${inSeconds(p99Ms)}   ${payments[payment]}`,
  );
  const rate = spanMs > 0 ? (1_000 * orders) / spanMs : 0;
  return [
    colors.bold('From order to cash'),
    ...(cash.length > 0 ? cash : ['  no order was completed']),
    `  ${whole(rate).padStart(8)}  orders a second: ${whole(orders)} dispatched or turned down within ${inSeconds(spanMs)}`,
  ];
}

function moneyLines(money: readonly MoneyTotals[]): string[] {
  return money.flatMap((totals) => {
    const { currency, invoiced, cancelled, received, refunded, refundsDue, open } = totals;
    const line = (amount: number, text: string) => `  ${formatMoney(amount, currency, 'en').padStart(14)}  ${text}`;
    return [
      colors.bold(`Money, ${currency}`),
      line(invoiced, `invoiced, of which ${formatMoney(cancelled, currency, 'en')} were cancelled again`),
      line(received, 'received'),
      line(refunded, `refunded${refundsDue > 0 ? `, and ${formatMoney(refundsDue, currency, 'en')} on the way` : ''}`),
      line(open, 'open'),
      `  ${isBalanced(totals) ? `${tick} invoiced − cancelled = received − refunded + open` : `${cross} these do not add up`}`,
      '',
    ];
  });
}

function auditLines({ audit }: DemoResult): string[] {
  if ('failure' in audit) return [colors.bold('Audit'), `  ${cross} not done`];
  const { clean, checks } = audit.report;
  const bad = checks.filter(({ count }) => count > 0);
  return [
    colors.bold('Audit'),
    clean
      ? `  ${tick} clean: ${checks.length} checks over all five databases`
      : `  ${cross} ${bad.length} of ${checks.length} checks found something (npm run audit shows it)`,
    ...bad.map(({ name, promise, count }) => `    ${promise}  ${name}: ${count}`),
  ];
}
