import colors from 'picocolors';
import type { LiveView } from '../screen.js';
import type { OrderTally } from './books.js';
import type { DepartmentView } from './department-meter.js';

export interface Progress {
  submitted: number;
  confirmed: number;
  messages: number;
  tally: OrderTally;
  departments: readonly DepartmentView[];
}

const barWidth = 30;
const number = new Intl.NumberFormat('en-GB');

export const whole = (value: number) => number.format(Math.round(value));

export function endedOf({ completed, rejected, cancelled }: OrderTally): number {
  return completed + rejected + cancelled;
}

/** How long nothing has moved, and when that is called the end. */
export interface Standstill {
  stillMs: number;
  boundMs: number;
}

const worthTellingMs = 5_000;

export function progressView(progress: Progress, standstill: Standstill = { stillMs: 0, boundMs: 0 }): LiveView {
  const { submitted, tally, departments } = progress;
  const ended = endedOf(tally);
  const filled = Math.floor((barWidth * ended) / submitted);
  const bar = colors.green('█'.repeat(filled)) + colors.dim('░'.repeat(barWidth - filled));
  const { completed, rejected, cancelled } = tally;
  const outcome = `completed ${whole(completed)}   rejected ${whole(rejected)}   cancelled ${whole(cancelled)}`;
  const head = `  ${colors.bold('orders')}  ${bar}  ${whole(ended)} of ${whole(submitted)}`;
  const columns = colors.dim(row('department', 'handled', 'waiting', 'per second'));
  const block = [head, `          ${outcome}`, '', columns, ...departments.map(departmentRow), ''];
  const waiting = departments.map(({ name, waiting }) => `${name} ${whole(waiting)}`).join(', ');
  return {
    block: [...block, footer(progress, standstill)].join('\n'),
    line: `  ${whole(ended)} of ${whole(submitted)} orders: ${outcome.replaceAll('   ', ', ')}; waiting: ${waiting}`,
  };
}

function footer({ confirmed, messages }: Progress, { stillMs, boundMs }: Standstill): string {
  if (stillMs > worthTellingMs) {
    const [still, bound] = [stillMs, boundMs].map((durationMs) => Math.floor(durationMs / 1_000));
    return colors.yellow(`  nothing has moved for ${still} s; after ${bound} s it is summed up as it is`);
  }
  return colors.dim(`  the broker has accepted ${whole(confirmed)} of ${whole(messages)} messages of the storefront`);
}

function departmentRow({ name, isAnswering, handled, waiting, perSecond, deferred, parked }: DepartmentView): string {
  if (!isAnswering) return `${row(name, whole(handled), '', '')}${colors.yellow('  does not answer just now')}`;
  const notes = [
    ...(deferred > 0 ? [colors.yellow(`${whole(deferred)} too early or failed, will be tried again`)] : []),
    ...(parked > 0 ? [colors.red(`${whole(parked)} parked`)] : []),
  ];
  return `${row(name, whole(handled), whole(waiting), whole(perSecond))}  ${notes.join(', ')}`.trimEnd();
}

function row(name: string, handled: string, waiting: string, perSecond: string): string {
  return `  ${name.padEnd(14)}${handled.padStart(10)}${waiting.padStart(10)}${perSecond.padStart(12)}`;
}
