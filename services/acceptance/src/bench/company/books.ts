import { setTimeout as pause } from 'node:timers/promises';
import { UNTOLD_ITEMS } from '../../company/untold-items.js';
import type { Ground } from './ground.js';
import type { DepartmentName } from './departments.js';

/** What was submitted in a turn so far. */
export interface Submitted {
  orders: number;
  lines: number;
}

/** Whether everything that was placed is completed and has left the shelf. Asks for what is open only. */
export async function isSettled(ground: Ground): Promise<boolean> {
  const [[orders], [reservations]] = await Promise.all([
    ground.sql<{ open: number }>(
      'sales',
      `select count(*)::int as open from orders
        where completed_at is null and rejected_at is null and cancelled_at is null`,
    ),
    ground.sql<{ open: number }>('stock', `select count(*)::int as open from reservations where status = 'reserved'`),
  ]);
  return orders!.open === 0 && reservations!.open === 0;
}

type Count = readonly [department: DepartmentName, what: string, per: keyof Submitted, times: number];

const counts: readonly Count[] = [
  ['sales', 'orders where num_nulls(reserved_at, packed_at, invoiced_at, shipped_at, paid_at) = 0', 'orders', 1],
  ['stock', `reservations where status = 'taken'`, 'orders', 1],
  ['stock', 'reservation_lines', 'lines', 1],
  ['stock', `movements where kind = 'sale'`, 'lines', 1],
  ['fulfillment', `pick_lists where status = 'shipped' and invoice is not null`, 'orders', 1],
  ['fulfillment', 'pick_list_lines', 'lines', 1],
  ['fulfillment', 'parcels where tracking_code is not null', 'orders', 1],
  ['invoicing', 'invoices', 'orders', 1],
  ['invoicing', '(select max(number) from invoices) n(last), generate_series(1, n.last)', 'orders', 1],
  ['billing', `receivables where status = 'paid'`, 'orders', 1],
  ['billing', 'instalments', 'orders', 1],
  ['billing', 'payments where applied = amount', 'orders', 1],
  ['billing', 'ledger_entries', 'orders', 2],
];

/** What is told of the shelf rests a while, so the last of it comes some seconds after the last order. */
const TOLD_WITHIN_MS = 10_000;

async function untilAllIsTold(ground: Ground, checkAlive: () => void): Promise<void> {
  for (const begin = Date.now(); ; await pause(100)) {
    const [row] = await ground.sql<{ n: number }>('stock', `select count(*)::int as n from ${UNTOLD_ITEMS}`);
    if (row!.n === 0) return;
    checkAlive();
    if (Date.now() - begin > TOLD_WITHIN_MS) throw new Error(`What is free of ${row!.n} items was not told.`);
  }
}

/** Every contender writes the same rows. Throws with what differs: a figure for less work would be worth nothing. */
export async function checkBooks(ground: Ground, submitted: Submitted, checkAlive: () => void): Promise<void> {
  await untilAllIsTold(ground, checkAlive);
  const wrong: string[] = [];
  for (const [department, what, per, times] of counts) {
    const [row] = await ground.sql<{ n: number }>(department, `select count(*)::int as n from ${what}`);
    const expected = submitted[per] * times;
    if (row!.n !== expected) wrong.push(`${department}: ${row!.n} of ${expected} rows of ${what}`);
  }
  if (wrong.length > 0) throw new Error(`The books are not what the orders ask for.\n${wrong.join('\n')}`);
}
