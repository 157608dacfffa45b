import { Command, InvalidArgumentError, Option } from 'commander';
import { departments, type DepartmentName } from '../audit/running-system.js';

export interface ReplayChoice {
  readonly service: DepartmentName;
  /** The moment that the database was set back to. */
  readonly since: Date;
  /** Minutes before `since` from which the journal is read. */
  readonly margin: number;
  readonly dryRun: boolean;
  readonly json: boolean;
  readonly whileRunning: boolean;
}

const COULD_NOT_RUN = 2;
const UNITS_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

export function replayChoice(argv: readonly string[], now = new Date()): ReplayChoice {
  return new Command('npm run replay --')
    .description(
      'Heals a department whose database was set back, from the journal. It puts what the department did since into ' +
        'its table replays; the department does it again when it starts, before anything else.',
    )
    .addOption(new Option('--service <name>', 'the department').choices([...departments]).makeOptionMandatory())
    .requiredOption('--since <time>', 'when its database was as it is now: 2026-11-24T10:00:00Z, or 5m (ago)', (text) =>
      momentOf(text, now),
    )
    .option('--margin <minutes>', 'how much before that the journal is read, for what waited in a queue', minutes, 15)
    .option('--dry-run', 'say what would be done, and do nothing', false)
    .option('--json', 'the report as JSON', false)
    .option('--while-running', 'also if the department runs: it heals when it is started again', false)
    .addHelpText(
      'after',
      '\nStop the department, set its database back, run this, start the department, then npm run audit.' +
        '\nExit code: 0 done, or nothing to do; 1 what was tried before could not be done again; 2 nothing was done.',
    )
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : COULD_NOT_RUN))
    .parse(argv, { from: 'user' })
    .opts<ReplayChoice>();
}

export function momentOf(text: string, now: Date): Date {
  const [, count, unit] = /^(\d+)\s*([smhd])$/.exec(text) ?? [];
  const moment = count ? new Date(now.getTime() - Number(count) * UNITS_MS[unit!]!) : new Date(text);
  if (Number.isNaN(moment.getTime()))
    throw new InvalidArgumentError('Expected a time such as 2026-11-24T10:00:00Z, or 30s, 5m, 2h, 1d.');
  if (moment > now) throw new InvalidArgumentError('That is in the future.');
  return moment;
}

function minutes(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value >= 0) return value;
  throw new InvalidArgumentError('Expected a number of minutes, 0 or more.');
}
