import type { Fault } from './fault.js';
import type { RunResult } from './run.js';

/** A fault that did not run, and why. */
export interface Skipped {
  readonly fault: string;
  readonly why: string;
}

export interface Report {
  readonly seed: string;
  readonly startedAt: string;
  readonly minutes: number;
  readonly results: readonly RunResult[];
  readonly skipped: readonly Skipped[];
}

export function isClean({ verdict, audit, problems }: RunResult): boolean {
  const { lost, unexpected, duplicated } = verdict;
  return lost.length + unexpected.length + duplicated.length + audit.length + problems.length === 0;
}

/** One line about a run, for the screen. */
export function lineOf(result: RunResult): string {
  const { fault, turn, verdict, backSeconds, settledSeconds, seconds } = result;
  const found = isClean(result) ? 'clean' : `NOT CLEAN: ${findings(result).join(', ')}`;
  const orders = `${verdict.attempted} orders`;
  const times = `back ${inSeconds(backSeconds)}, at rest ${inSeconds(settledSeconds)}, ${seconds.toFixed(0)} s in all`;
  return `${fault.padEnd(4)} ${turn.padEnd(24)} ${orders.padEnd(12)} ${times.padEnd(46)} ${found}`;
}

function findings({ verdict, audit, problems }: RunResult): string[] {
  const counted = { lost: verdict.lost, doubled: verdict.duplicated, unexpected: verdict.unexpected, audit, problems };
  return Object.entries(counted).flatMap(([what, list]) => (list.length > 0 ? [`${list.length} ${what}`] : []));
}

/** The whole report as Markdown: a table by fault, then what was found. */
export function inMarkdown(report: Report, faults: readonly Fault[]): string {
  const { results, skipped, seed, startedAt, minutes } = report;
  const ran = faults.filter(({ id }) => results.some(({ fault }) => fault === id));
  const bad = results.filter((result) => !isClean(result));
  return [
    `# Fault runs of ${startedAt}`,
    '',
    `Seed \`${seed}\`, ${minutes.toFixed(1)} minutes, ${results.length} runs, ${sum(results, (r) => r.verdict.attempted)} orders: **${bad.length === 0 ? 'all clean' : `${bad.length} runs not clean`}**.`,
    '',
    '| fault | runs | orders | lost | doubled | unexpected | audit | problems | consumers back, max s | at rest, max s |',
    '| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...ran.map((fault) =>
      rowOf(
        fault,
        results.filter((result) => result.fault === fault.id),
      ),
    ),
    ...skipped.map(({ fault, why }) => `| ${fault} | – | | | | | | ${why} | | |`),
    '',
    ...(bad.length > 0 ? ['## What was found', '', ...bad.flatMap(details)] : []),
    '## Runs',
    '',
    ...results.map((result) => `- ${lineOf(result).replaceAll(/ {2,}/g, ' ')}${notes(result)}`),
    '',
  ].join('\n');
}

function rowOf({ id, title }: Fault, results: readonly RunResult[]): string {
  const cells = [
    `${id} ${title}`,
    results.length,
    sum(results, ({ verdict }) => verdict.attempted),
    sum(results, ({ verdict }) => verdict.lost.length),
    sum(results, ({ verdict }) => verdict.duplicated.length),
    sum(results, ({ verdict }) => verdict.unexpected.length),
    sum(results, ({ audit }) => audit.length),
    sum(results, ({ problems }) => problems.length),
    worst(results.map(({ backSeconds }) => backSeconds)),
    worst(results.map(({ settledSeconds }) => settledSeconds)),
  ];
  return `| ${cells.join(' | ')} |`;
}

/** What a run found, some of each kind, as Markdown. */
export function details(result: RunResult): string[] {
  const { fault, turn, seed, verdict, audit, problems, historyFile } = result;
  const some = (what: string, list: readonly string[]) =>
    list.length === 0
      ? []
      : [`- ${list.length} ${what}: ${list.slice(0, 5).join('; ')}${list.length > 5 ? '; …' : ''}`];
  return [
    `**${fault}, ${turn}**, seed \`${seed}\`, history \`${historyFile}\``,
    '',
    ...some('lost', verdict.lost),
    ...some('doubled', verdict.duplicated),
    ...some('unexpected', verdict.unexpected),
    ...some('audit findings', audit),
    ...some('problems', problems),
    '',
  ];
}

function notes({ notes }: RunResult): string {
  const told = notes.filter((note) => note !== 'healed' && !note.startsWith('strike'));
  return told.length === 0 ? '' : `\n  ${told.join('; ')}`;
}

function sum(results: readonly RunResult[], pick: (result: RunResult) => number): number {
  return results.reduce((total, result) => total + pick(result), 0);
}

function worst(seconds: readonly (number | undefined)[]): string {
  if (seconds.some((one) => one === undefined)) return 'never';
  return Math.max(...(seconds as number[])).toFixed(1);
}

function inSeconds(seconds: number | undefined): string {
  return seconds === undefined ? 'never' : `${seconds.toFixed(1)} s`;
}
