import type { OrderFacts } from './order-facts.js';
import type { Moment } from './rules/check.js';
import { isLost, openHops } from './rules/hops.js';
import { lineRules } from './rules/line.js';
import { moneyRules } from './rules/money.js';
import { explainedCheck, isFinished, isStuck, placeOf } from './rules/waiting.js';

/** An order that breaks a check. */
export interface Finding {
  readonly check: string;
  readonly orderId: string;
  /** What is reported: the order, and for a hop the step that lacks it. */
  readonly id: string;
  /** The hop that never arrived: its queue may hold it. `since` in ms. */
  readonly hop?: { readonly step: string; readonly since: number };
}

export interface Judgement {
  readonly findings: readonly Finding[];
  /** Where an unfinished order waits; undefined for a finished one, and for one that nobody can tell of. */
  readonly place: string | undefined;
}

const orderRules = [...lineRules, ...moneyRules];

/** Everything that can be said about one order at one moment: pure, so that the audit and its tests judge alike. */
export function judge(order: OrderFacts, moment: Moment): Judgement {
  const { orderId } = order;
  const open = openHops(order);
  const lost = open.filter((hop) => isLost(hop, moment));
  const findings: Finding[] = [
    ...orderRules
      .filter((rule) => rule.isBrokenBy(order, moment))
      .map(({ name }) => ({ check: name, orderId, id: orderId })),
    ...lost.map(({ hop: { check, step, type }, since }) => {
      const lacks = step === 'sales.record-progress' ? `${step} ${type}` : step;
      return { check, orderId, id: `${orderId} ${lacks}`, hop: { step, since } };
    }),
  ];
  if (isFinished(order)) return { findings, place: undefined };
  const place = placeOf(order, open) ?? (isStuck(order, moment) ? undefined : 'about to move on');
  if (place === undefined) findings.push({ check: explainedCheck.name, orderId, id: orderId });
  return { findings, place: lost.length === 0 ? place : undefined };
}

/** The key of a finding: what must be found again for it to count. */
export function keyOf({ check, id }: Finding): string {
  return `${check} ${id}`;
}
