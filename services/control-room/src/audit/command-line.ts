import { Command, InvalidArgumentError } from 'commander';

export interface AuditChoice {
  readonly json: boolean;
  /** Every id of each check. */
  readonly all: boolean;
  /** Minutes from the invoice until the goods have left. */
  readonly deadline: number;
  /** Seconds after its last fact until an order that goes nowhere is a finding. */
  readonly settle: number;
}

const COULD_NOT_RUN = 2;

export function auditChoice(argv: readonly string[]): AuditChoice {
  return new Command('npm run audit --')
    .description('Compares the departments’ databases with each other and with themselves. Changes nothing.')
    .option('--json', 'the report as JSON', false)
    .option('--all', 'every id, and not only the first 100 of each check', false)
    .option('--deadline <minutes>', 'from the invoice until the goods have left', zeroOrMore, 60)
    .option('--settle <seconds>', 'how long after its last fact an order may be on its way', zeroOrMore, 60)
    .addHelpText('after', '\nExit code: 0 everything adds up, 1 something does not, 2 the audit could not be made.')
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : COULD_NOT_RUN))
    .parse(argv, { from: 'user' })
    .opts<AuditChoice>();
}

function zeroOrMore(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value >= 0) return value;
  throw new InvalidArgumentError('Expected a number, 0 or more.');
}
