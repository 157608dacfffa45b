import colors from 'picocolors';
import type { AuditReport, CheckResult } from './report.js';

/** The report for people: a line for each check, then what is broken, by which ids, and what to do. */
export function inWords(report: AuditReport, tookMs: number): string[] {
  const { takenAt, orders, checks, open, aside, notes } = report;
  const time = takenAt.replace('T', ' ').slice(0, 19);
  const head = `Audit of ${counted(orders)} orders at ${time} UTC, in ${(tookMs / 1_000).toFixed(1)} s`;
  const width = Math.max(...checks.map(({ name }) => name.length)) + 2;
  return [
    colors.bold(head),
    '',
    ...checks.map((check) => lineOf(check, width)),
    ...listed(
      'Unfinished orders, and where they wait',
      open.map(({ kind, count }) => [kind, count] as const),
    ),
    ...listed(
      'Messages put aside',
      aside.map(({ place, step, count }) => [`${place} at ${step}`, count] as const),
    ),
    ...checks.filter(({ count }) => count > 0).flatMap(detailsOf),
    ...notes.flatMap((note) => ['', colors.yellow(`! ${note}`)]),
    '',
    verdictOf(report),
  ];
}

function lineOf({ name, promise, sentence, count }: CheckResult, width: number): string {
  const mark = count === 0 ? colors.green('✓') : colors.red('✗');
  const found = count === 0 ? '' : colors.red(`  ${counted(count)} found`);
  return `  ${mark} ${name.padEnd(width)}${colors.dim(`${promise}  ${sentence}`)}${found}`;
}

function listed(title: string, lines: readonly (readonly [string, number])[]): string[] {
  if (lines.length === 0) return [];
  return ['', colors.bold(title), ...lines.map(([what, count]) => `  ${counted(count).padStart(9)}  ${what}`)];
}

function detailsOf({ name, sentence, advice, count, offending }: CheckResult): string[] {
  const more = count > offending.length ? [`    … and ${counted(count - offending.length)} more (--all)`] : [];
  return [
    '',
    `${colors.red('✗')} ${colors.bold(name)}: broken ${counted(count)} times: ${sentence}`,
    `  ${colors.cyan('→')} ${advice}`,
    ...offending.map((id) => `    ${id}`),
    ...more,
  ];
}

function verdictOf({ clean, checks }: AuditReport): string {
  if (clean) return colors.green(colors.bold('Everything adds up.'));
  const broken = checks.filter(({ count }) => count > 0).length;
  return colors.red(colors.bold(`${broken} of ${checks.length} checks found something.`));
}

function counted(count: number): string {
  return count.toLocaleString('en');
}
