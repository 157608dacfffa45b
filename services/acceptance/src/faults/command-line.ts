import { Command, InvalidArgumentError } from 'commander';
import { randomInt } from 'node:crypto';
import { faults } from './faults.js';

export interface Choice {
  /** For how long new runs are begun. */
  readonly minutes: number;
  readonly seed: string;
  /** Ids of faults; all when empty. */
  readonly only: readonly string[];
  readonly list: boolean;
  /** Part of a turn's name; all turns when undefined. */
  readonly turn?: string;
  readonly patience: number;
  /** Orders per second. */
  readonly rate: number;
  /** Keep the histories of clean runs as well. */
  readonly keep: boolean;
}

export function faultChoice(argv: readonly string[]): Choice {
  return new Command('npm run faults --')
    .description(
      'Breaks things under load, heals them, and checks that nothing was lost, doubled or made up. Servers of its own.',
    )
    .option('--minutes <n>', 'for how long new runs are begun; the last one is ended', positive, 10)
    .option('--seed <text>', 'repeats the orders and the order of the faults', String(randomInt(1_000_000)))
    .option('--only <ids>', 'faults by their ids, such as F4,F6', chosen, [])
    .option('--turn <text>', 'only turns whose name holds this, such as "black hole"')
    .option('--patience <n>', 'bounds of 30 and 60 s are so many times longer: for a busy machine', positive, 1)
    .option('--rate <n>', 'orders per second', positive, 20)
    .option('--keep', 'keep the histories of clean runs as well', false)
    .option('--list', 'say what there is, and end', false)
    .addHelpText(
      'after',
      '\nExit code: 0 all is well, 1 something is not, 2 it could not run. Reports and histories: .retaguarda/faults',
    )
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
    .parse(argv, { from: 'user' })
    .opts<Choice>();
}

function positive(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError('Expected a number above 0.');
}

function chosen(text: string): string[] {
  const ids = text.split(',').map((id) => id.trim().toUpperCase());
  const unknown = ids.filter((id) => !faults.some((fault) => fault.id === id));
  if (unknown.length > 0) throw new InvalidArgumentError(`There is no ${unknown.join(', ')}; see --list.`);
  return ids;
}
