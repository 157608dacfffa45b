import colors from 'picocolors';
import type { ReplayReport } from './replay.js';

/** The report for people. */
export function inWords(report: ReplayReport, tookMs: number): string[] {
  const { service, since, isDryRun, entries, transactions, messages, known, givenBack, problems } = report;
  const steps = Object.entries(transactions);
  const count = steps.reduce((sum, [, n]) => sum + n, 0);
  const head = `${service}, set back to ${since}: ${counted(entries)} entries of the journal read in ${(tookMs / 1_000).toFixed(1)} s`;
  return [
    colors.bold(head),
    `  ${counted(known).padStart(9)}  transactions are there`,
    `  ${counted(count).padStart(9)}  transactions with ${counted(messages)} messages are missing`,
    ...steps.map(([step, n]) => colors.dim(`  ${counted(n).padStart(9)}    ${step}`)),
    `  ${counted(givenBack).padStart(9)}  messages were never finished, or still wait in a queue`,
    ...problems.map((problem) => colors.red(`  ✗ tried before, and could not be done again: ${problem}`)),
    '',
    ending(count + givenBack, report.service, isDryRun),
  ];
}

function ending(count: number, service: string, isDryRun: boolean): string {
  if (count === 0) return colors.green('Nothing is to be done.');
  if (isDryRun) return 'A dry run: nothing was put anywhere.';
  return `All of it lies in the database of ${service}. Start ${service}: it is done before anything else. Then: npm run audit`;
}

function counted(n: number): string {
  return n.toLocaleString('en');
}
