import { accountFacts, billingFacts } from '@retaguarda/control-room/audit/billing.facts';
import { judge } from '@retaguarda/control-room/audit/findings';
import { fulfillmentFacts } from '@retaguarda/control-room/audit/fulfillment.facts';
import { invoicingFacts } from '@retaguarda/control-room/audit/invoicing.facts';
import type { OrderFacts } from '@retaguarda/control-room/audit/order-facts';
import { accountRules } from '@retaguarda/control-room/audit/rules/money';
import { isFinished } from '@retaguarda/control-room/audit/rules/waiting';
import { salesFacts } from '@retaguarda/control-room/audit/sales.facts';
import type { Snapshot } from '@retaguarda/control-room/audit/snapshot';
import { stockFacts } from '@retaguarda/control-room/audit/stock.facts';
import type { DepartmentName, SimulatedCompany } from './company.js';
import type { Committed, Reader, Reading } from './readings.js';
import type { Plan } from './storefront.js';

/** A promise that was not kept. */
export interface Violation {
  readonly promise: string;
  readonly what: string;
}

type Readers = Readonly<Record<DepartmentName, Reader>>;

/** Each of these exists once for an order; a payment and its refund once for themselves. */
const ONCE_BY: Readonly<Record<string, string>> = {
  'billing.payment-received.v1': 'paymentId',
  'billing.payment-refunded.v1': 'paymentId',
};
const NOT_OF_ORDERS = 'stock.availability-changed.v1';

/** What is wrong after a schedule has healed; nothing, if every promise was kept. */
export async function verdict(at: SimulatedCompany, plan: Plan, readers: Readers): Promise<Violation[]> {
  const committed = (await Promise.all(Object.values(readers).map((reader) => reader.committed()))).flat();
  const readings = await Promise.all(Object.values(readers).map((reader) => reader.reading()));
  const facts = await factsOf(at, readers);
  return [
    ...published(at, committed),
    ...once(at, committed),
    ...appliedOnce(at),
    ...aside(readings),
    ...orders(at, plan, facts),
    ...(await shelves(plan, facts, readers.stock)),
    ...(await series(readers.invoicing)),
    ...(await accounts(at, readers.billing)),
  ];
}

/** P5 and P2: what the broker has is what was committed. */
function published({ broker, names }: SimulatedCompany, committed: readonly Committed[]): Violation[] {
  const ids = new Set(committed.map(({ id }) => id));
  const unexpected = [...broker.taken].filter(([id]) => !ids.has(id));
  const unsent = committed.filter(({ id }) => !broker.taken.has(id));
  return [
    ...unexpected.map(([, name]) => ({ promise: 'P5', what: `${name} was published and never committed` })),
    ...unsent.map(({ type, data }) => {
      const order = names.order(String(data['orderId']));
      return { promise: 'P2', what: `${type} ${order} was committed and never published` };
    }),
  ];
}

/** P3, by business key. */
function once({ names }: SimulatedCompany, committed: readonly Committed[]): Violation[] {
  const counts = new Map<string, number>();
  for (const { type, data } of committed) {
    if (type === NOT_OF_ORDERS) continue;
    const order = names.order(String(data['orderId']));
    const key = `${type} of ${order}${ONCE_BY[type] ? ` ${String(data[ONCE_BY[type]])}` : ''}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const twice = [...counts].filter(([, count]) => count > 1);
  return twice.map(([key, count]) => ({ promise: 'P3', what: `${key} happened ${count} times` }));
}

/** P3, by step and message. */
function appliedOnce({ departments }: SimulatedCompany): Violation[] {
  const applied = Object.values(departments).flatMap(({ watched }) => [...watched.applied]);
  const twice = applied.filter(([, count]) => count > 1);
  return twice.map(([effect, count]) => ({
    promise: 'P3',
    what: `${effect.split(' ')[0]} handled one message ${count} times`,
  }));
}

/** Nothing in a schedule is a message's own fault. */
function aside(readings: readonly Reading[]): Violation[] {
  return readings.flatMap(({ parked, suspected, name }) => [
    ...parked.map((what) => ({ promise: 'P8', what: `parked at ${what}` })),
    ...(suspected > 0 ? [{ promise: 'P8', what: `${name} still suspects ${suspected} messages` }] : []),
  ]);
}

async function factsOf({ names }: SimulatedCompany, readers: Readers): Promise<OrderFacts[]> {
  const ids = names.orderIds;
  const [sales, stock, fulfillment, invoicing, billing] = await Promise.all([
    all(salesFacts(asSnapshot(readers.sales), ids)),
    all(stockFacts(asSnapshot(readers.stock), ids)),
    all(fulfillmentFacts(asSnapshot(readers.fulfillment), ids)),
    all(invoicingFacts(asSnapshot(readers.invoicing), ids)),
    all(billingFacts(asSnapshot(readers.billing), ids)),
  ]);
  return ids.map((orderId) => ({
    ...{ orderId, sales: sales.get(orderId), stock: stock.get(orderId), fulfillment: fulfillment.get(orderId) },
    ...{ invoicing: invoicing.get(orderId), billing: billing.get(orderId), messages: [] },
  })) as OrderFacts[];
}

/** P4 and P7, as the audit states them, after all time there is. */
function orders({ names, time }: SimulatedCompany, plan: Plan, facts: readonly OrderFacts[]): Violation[] {
  const moment = { now: time.ms, settleMs: 0, deadlineMs: 0 };
  const known = new Set(facts.map(({ orderId }) => names.order(orderId)));
  const lost = plan.orders.filter(({ letter }) => !known.has(letter));
  return [
    ...lost.map(({ letter }) => ({ promise: 'P1', what: `order ${letter} was sent and is nowhere` })),
    ...facts.flatMap((order) => {
      const name = names.order(order.orderId);
      const { findings, place } = judge(order, moment);
      const found = findings.map(({ check, id }) => `order ${name} breaks ${check}${id.slice(order.orderId.length)}`);
      const open = isFinished(order) ? [] : [`order ${name} is not finished: ${place ?? 'nobody knows why'}`];
      return [...found, ...open].map((what) => ({ promise: 'P4/P7', what }));
    }),
  ];
}

/** P7: what is on the shelf is what came in, less what left for good; nothing is held any more. */
async function shelves(plan: Plan, facts: readonly OrderFacts[], stock: Reader): Promise<Violation[]> {
  const levels = await stock.rows<{ sku: string; onHand: number; reserved: number; moved: number; sold: number }>(
    `select l.sku, l.on_hand as "onHand", l.reserved, coalesce(m.moved, 0)::int as moved, coalesce(r.sold, 0)::int as sold
       from levels l
       left join (select sku, sum(quantity) as moved from movements where sku = any($1) group by sku) m using (sku)
       left join (select sku, sum(quantity) as sold from reservation_lines join reservations using (order_id)
                   where status = 'taken' and order_id = any($2::uuid[]) group by sku) r using (sku)
      where l.sku = any($1)`,
    [[...plan.stock.keys()], facts.map(({ orderId }) => orderId)],
  );
  return levels
    .filter(({ sku, onHand, reserved, moved, sold }) => {
      return reserved !== 0 || onHand !== moved || onHand !== plan.stock.get(sku)! - sold;
    })
    .map((level) => ({ promise: 'P7', what: `the shelf does not add up: ${JSON.stringify(level)}` }));
}

/** P7: over all schedules since the tables were emptied. */
async function series(invoicing: Reader): Promise<Violation[]> {
  const [row] = await invoicing.rows<{ next: number; count: number; last: number }>(
    `select s.next_number as next, count(distinct i.number)::int as count, coalesce(max(i.number), 0) as last
       from series s left join invoices i on i.series = s.code group by s.code`,
  );
  const { next, count, last } = row!;
  if (count === last && next === last + 1) return [];
  return [{ promise: 'P7', what: `the series has a gap: ${count} numbers up to ${last}, the next one is ${next}` }];
}

/** P7: over all schedules since the tables were emptied. */
async function accounts({ time }: SimulatedCompany, billing: Reader): Promise<Violation[]> {
  const moment = { now: time.ms, settleMs: 0, deadlineMs: 0 };
  const facts = await accountFacts(asSnapshot(billing));
  return facts
    .filter((account) => accountRules.some((rule) => rule.isBrokenBy(account, moment)))
    .map((account) => ({ promise: 'P7', what: `the ledger does not add up: ${JSON.stringify(account)}` }));
}

/** The audit's facts are read as it reads them, only without its cursors. */
function asSnapshot(reader: Reader): Snapshot {
  const pages = async function* (sql: string, parameters: readonly unknown[] = []) {
    yield await reader.rows(sql, parameters);
  };
  const rows = (sql: string, parameters: readonly unknown[] = []) => reader.rows(sql, parameters);
  return { pages, rows } as unknown as Snapshot;
}

async function all<Facts extends { readonly orderId: string }>(
  pages: AsyncGenerator<Facts[]>,
): Promise<Map<string, Facts>> {
  const facts = new Map<string, Facts>();
  for await (const page of pages) for (const fact of page) facts.set(fact.orderId, fact);
  return facts;
}
