import type { Infrastructure } from '@retaguarda/infrastructure';
import { departments } from '../company/departments.js';
import type { DepartmentName } from '../company/departments.js';
import { busySeconds, processStats, secondsOf } from './processor-time.js';

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

/** Begins to count the cores that are busy with other things than these accounts and the benchmark itself. */
export function otherCoresFrom(before: Accounts): (after: Accounts) => number {
  const [begin, busyBefore, ownBefore] = [performance.now(), busySeconds(), ownSeconds()];
  return (after) => {
    const ours = totalOf(after) - totalOf(before) + ownSeconds() - ownBefore;
    return Math.max(0, (busySeconds() - busyBefore - ours) / ((performance.now() - begin) / 1_000));
  };
}

function ownSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
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
