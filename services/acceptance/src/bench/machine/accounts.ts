import type { Infrastructure } from '@retaguarda/infrastructure';
import { departments } from '../company/departments.js';
import type { DepartmentName } from '../company/departments.js';
import { processStats, secondsOf } from './processor-time.js';

/** Whose CPU is counted: all but the benchmark itself, which plays storefront and till. */
export const accountNames = [...departments, 'broker', 'database'] as const;
export type AccountName = (typeof accountNames)[number];

/** CPU seconds, or milliseconds an order. */
export type Accounts = Readonly<Record<AccountName, number>>;

/** What everybody has used since their start. */
export function readAccounts(
  pids: Readonly<Record<DepartmentName, number>>,
  { broker, database }: Pick<Infrastructure, 'broker' | 'database'>,
): Accounts {
  const stats = processStats();
  const roots = { broker: broker.pids, database: database.pids };
  const seconds = (name: AccountName) =>
    secondsOf(name === 'broker' || name === 'database' ? roots[name] : [pids[name]], stats);
  return mapAccounts(seconds);
}

/** Milliseconds an order between two readings. */
export function perOrder(before: Accounts, after: Accounts, orders: number): Accounts {
  return mapAccounts((name) => ((after[name] - before[name]) * 1_000) / orders);
}

export function mapAccounts(value: (name: AccountName) => number): Accounts {
  return Object.fromEntries(accountNames.map((name) => [name, value(name)])) as Record<AccountName, number>;
}

export function totalOf(accounts: Accounts): number {
  return accountNames.reduce((sum, name) => sum + accounts[name], 0);
}
