import { departments } from '../company/departments.js';
import { memoryOf } from '../figures/memory.js';
import { shown, table } from '../figures/table.js';
import type { BacklogFigures, ContenderFigures } from '../phases/figures.js';
import { backlogsOf, saturationOf } from './in-tables.js';

type Outcome = 'aim reached' | 'reached' | 'not reached' | 'not measured';

/** A goal, what was measured of it, and whether that is enough. */
export interface Judgement {
  readonly goal: string;
  /** `figure` in words. */
  readonly measured: string;
  /** Undefined when it was not measured. */
  readonly figure?: number;
  readonly wanted: string;
  readonly outcome: Outcome;
}

interface Goal {
  readonly goal: string;
  readonly unit: '×' | 'ms' | 'MB' | '%';
  /** What the figure must reach, or may not exceed. */
  readonly least?: number;
  readonly most?: number;
  /** More than the goal: what is hoped for. */
  readonly aim?: number;
  /** What a run must measure for it. */
  readonly needs: string;
  /** NaN or undefined when it was not measured. */
  readonly figure: (of: Measured) => number | undefined;
}

type Measured = Readonly<Partial<Record<string, ContenderFigures>>>;

const SMALL_BACKLOG = 1_000;
const LARGE_BACKLOG = 100_000;
/** Memory of a shorter turn says nothing about growth: processes warm up for a while. */
const FLAT_AFTER_SAMPLES = 120;

const goals: readonly Goal[] = [
  ...comparison('b', { least: 12, aim: 15 }),
  ...comparison('d', { least: 0.75, aim: 1 }),
  {
    ...{ goal: 'order to cash at 20 orders/s, p50', unit: 'ms', most: 100, needs: 'latency' },
    figure: ({ a }) => a?.trickle?.cash.p50,
  },
  {
    ...{ goal: 'order to cash at half load, p99', unit: 'ms', most: 1_000, needs: 'latency' },
    figure: ({ a }) => a?.halfLoad?.cash.p99,
  },
  {
    ...{ goal: 'more CPU an order at a backlog of 100,000 than at 1,000', unit: '%', most: 15 },
    needs: 'both backlogs',
    figure: ({ a }) => moreOf(backlogOf(a, LARGE_BACKLOG)?.cpuTotal, backlogOf(a, SMALL_BACKLOG)?.cpuTotal),
  },
  {
    ...{ goal: 'one hot item in every order: more time', unit: '%', most: 20, needs: '--hot' },
    figure: ({ a }) => hotMore(a, (one) => 1 / one.ordersPerSecond),
  },
  {
    ...{ goal: 'one hot item in every order: more CPU', unit: '%', most: 20, needs: '--hot' },
    figure: ({ a }) => hotMore(a, (one) => one.cpuTotal),
  },
  {
    ...{ goal: 'resident memory, largest service', unit: 'MB', most: 250, needs: 'memory of (a)' },
    figure: ({ a }) => largest(a, ({ most }) => most),
  },
  {
    ...{
      goal: 'resident memory, growth of any service in the last third',
      unit: '%',
      most: 10,
      needs: 'two minutes of memory',
    },
    figure: ({ a }) =>
      a && a.memory.length >= FLAT_AFTER_SAMPLES ? largest(a, ({ last, middle }) => moreOf(last, middle)) : undefined,
  },
];

/** Every goal of the benchmark: its figure, and whether it is reached. Goals that a run did not measure say so. */
export function verdictOn(figures: readonly ContenderFigures[]): Judgement[] {
  const measured: Measured = Object.fromEntries(figures.map((one) => [one.key, one]));
  return goals.map((goal) => judged(goal, goal.figure(measured)));
}

export function verdictInTable(judgements: readonly Judgement[]): string {
  const rows = judgements.map(({ goal, measured, wanted, outcome }) => [goal, measured, wanted, outcome]);
  return table(['goal', 'measured', 'wanted', ''], rows);
}

function judged(goal: Goal, figure: number | undefined): Judgement {
  const { least, most, aim, unit } = goal;
  const more = aim === undefined ? '' : `, aim ${inUnit(aim, unit)}`;
  const wanted = (most === undefined ? `at least ${inUnit(least!, unit)}` : `at most ${inUnit(most, unit)}`) + more;
  if (figure === undefined || !Number.isFinite(figure))
    return { goal: goal.goal, measured: `needs ${goal.needs}`, wanted, outcome: 'not measured' };
  return { goal: goal.goal, measured: inUnit(figure, unit), figure, wanted, outcome: outcomeOf(goal, figure) };
}

function outcomeOf({ least = -Infinity, most = Infinity, aim }: Goal, figure: number): Outcome {
  if (figure < least || figure > most) return 'not reached';
  return aim !== undefined && figure >= aim ? 'aim reached' : 'reached';
}

/** How many times more orders (a) brings through than another, in the same time and for the same CPU. */
function comparison(other: 'b' | 'd', wanted: Pick<Goal, 'least' | 'aim'>): Goal[] {
  const of = (figure: (a: Saturation, other: Saturation) => number) => (measured: Measured) => {
    const [mine, theirs] = [measured['a'], measured[other]];
    return mine && theirs && figure(saturationOf(mine), saturationOf(theirs));
  };
  const goal = { ...wanted, unit: '×' as const, needs: `(a) and (${other})` };
  return [
    { ...goal, goal: `(a) ÷ (${other}), orders/s`, figure: of((a, b) => a.ordersPerSecond / b.ordersPerSecond) },
    { ...goal, goal: `(a) ÷ (${other}), orders for the same CPU`, figure: of((a, b) => b.cpuTotal / a.cpuTotal) },
  ];
}

type Saturation = ReturnType<typeof saturationOf>;

function backlogOf(one: ContenderFigures | undefined, wanted: number) {
  return one && backlogsOf(one).find(({ size }) => size === wanted);
}

/** Percent that the hot item costs more than what is usual before and after it in the same turn. */
function hotMore(one: ContenderFigures | undefined, figure: (of: BacklogFigures) => number): number | undefined {
  const [before, hot, after] = [one?.saturation.at(-1), one?.hot, one?.afterHot];
  return before && hot && after && moreOf(figure(hot), (figure(before) + figure(after)) / 2);
}

/** Percent that one figure lies above another. */
function moreOf(figure: number | undefined, than: number | undefined): number {
  return figure === undefined || than === undefined ? NaN : (figure / than - 1) * 100;
}

/** Of all services that were seen, each by its own memory. */
function largest(one: ContenderFigures | undefined, pick: (of: ReturnType<typeof memoryOf>) => number): number {
  const figures = departments.map((name) => pick(memoryOf(one?.memory ?? [], name)));
  return Math.max(...figures.filter((figure) => Number.isFinite(figure)));
}

function inUnit(figure: number, unit: Goal['unit']): string {
  return `${shown(figure)}${unit === '×' ? '' : ' '}${unit}`;
}
