import { memoryOf } from '../figures/memory.js';
import { median } from '../figures/percentiles.js';
import { table } from '../figures/table.js';
import { accountNames, mapAccounts } from '../machine/accounts.js';
import type { Accounts } from '../machine/accounts.js';
import type { BacklogFigures, ContenderFigures } from '../phases/figures.js';

/** The median of each figure over the rounds. */
export function saturationOf({ saturation }: Pick<ContenderFigures, 'saturation'>) {
  const of = (figure: (one: BacklogFigures) => number) =>
    median(saturation.map(figure).filter((value) => !Number.isNaN(value)));
  const cpu: Accounts = mapAccounts((name) => of((one) => one.cpu[name]));
  return {
    cpu,
    ordersPerSecond: of((one) => one.ordersPerSecond),
    cpuTotal: of((one) => one.cpuTotal),
    commitsPerOrder: of((one) => one.commitsPerOrder ?? NaN),
    p50: of((one) => one.cash.p50),
    p99: of((one) => one.cash.p99),
    otherCores: of((one) => one.otherCores),
  };
}

/** Backlogs by size, the smallest first: medians, and how often each was worked off. */
export function backlogsOf({ backlogs }: Pick<ContenderFigures, 'backlogs'>) {
  const sizes = [...new Set(backlogs.map(({ size }) => size))].sort((one, other) => one - other);
  return sizes.map((size) => {
    const alike = backlogs.filter((each) => each.size === size);
    const of = (figure: (one: BacklogFigures) => number) => median(alike.map(figure));
    return {
      ...{ size, times: alike.length, orders: of(({ orders }) => orders), seconds: of(({ seconds }) => seconds) },
      ...{ ordersPerSecond: of((one) => one.ordersPerSecond), cpuTotal: of(({ cpuTotal }) => cpuTotal) },
    };
  });
}

export const label = ({ key, name }: ContenderFigures) => `(${key}) ${name}`;

/** What is printed at the end: rates and latencies, CPU by process, ratios, backlogs, memory. */
export function inTables(figures: readonly ContenderFigures[]): string {
  const parts = [rates(figures), split(figures), ratios(figures), backlogs(figures), leftOut(figures), memory(figures)];
  return parts.filter((part) => part !== '').join('\n\n');
}

function rates(figures: readonly ContenderFigures[]): string {
  const headings = [
    'order to cash',
    'orders/s',
    'CPU ms',
    'commits',
    'p50 s',
    'p99 s',
    'half: p50 ms',
    'p99 ms',
    '20/s: p50 ms',
    'p99 ms',
    'cores of others',
  ];
  const rows = figures.map((one) => {
    const { ordersPerSecond, cpuTotal, commitsPerOrder, p50, p99, otherCores } = saturationOf(one);
    const { halfLoad, trickle } = one;
    const latencies = [halfLoad?.cash.p50, halfLoad?.cash.p99, trickle?.cash.p50, trickle?.cash.p99];
    return [label(one), ordersPerSecond, cpuTotal, commitsPerOrder, p50 / 1_000, p99 / 1_000, ...latencies, otherCores];
  });
  return table(headings, rows);
}

function split(figures: readonly ContenderFigures[]): string {
  const rows = figures.map((one) => {
    const { cpu, cpuTotal } = saturationOf(one);
    return [label(one), ...accountNames.map((name) => cpu[name]), cpuTotal];
  });
  return table(['CPU ms an order', ...accountNames, 'all'], rows);
}

function ratios(figures: readonly ContenderFigures[]): string {
  const [first, ...others] = figures;
  if (first?.key !== 'a' || others.length === 0) return '';
  const a = saturationOf(first);
  const rows = others.map((one) => {
    const other = saturationOf(one);
    return [`(a) ÷ ${label(one)}`, a.ordersPerSecond / other.ordersPerSecond, other.cpuTotal / a.cpuTotal];
  });
  return table(['ratio', 'orders/s', 'orders for the same CPU'], rows);
}

function backlogs(figures: readonly ContenderFigures[]): string {
  const measured = figures.flatMap((one) => backlogsOf(one).map((backlog) => ({ one, backlog })));
  if (measured.length === 0) return '';
  const rows = measured.map(({ one, backlog: { orders, times, seconds, ordersPerSecond, cpuTotal } }) => {
    return [label(one), orders, String(times), seconds, ordersPerSecond, cpuTotal];
  });
  return table(['backlog', 'orders', 'times', 's', 'orders/s', 'CPU ms'], rows);
}

const services = accountNames.filter((name) => name !== 'broker' && name !== 'database');

/** Resident megabytes of each service: the most it ever had, and whether it grew. */
function memory(figures: readonly ContenderFigures[]): string {
  const rows = figures
    .filter((one) => one.memory.length > 0)
    .flatMap((one) => {
      const sizes = services.map((name) => memoryOf(one.memory, name));
      return [
        [`${label(one)}, the most`, ...sizes.map(({ most }) => most)],
        ['    median of the middle third', ...sizes.map(({ middle }) => middle)],
        ['    median of the last third', ...sizes.map(({ last }) => last)],
      ];
    });
  return rows.length === 0 ? '' : table(['resident memory, MB', ...services], rows);
}

function leftOut(figures: readonly ContenderFigures[]): string {
  return figures.flatMap((one) => one.leftOut.map((what) => `left out: ${label(one)}, ${what}`)).join('\n');
}
