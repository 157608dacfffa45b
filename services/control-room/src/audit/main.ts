import { audit } from './audit.js';
import { CannotAudit } from './cannot-audit.js';
import { auditChoice } from './command-line.js';
import { inWords } from './in-words.js';
import { findRunningSystem } from './running-system.js';

const COULD_NOT_RUN = 2;
const MINUTE_MS = 60_000;
const SECOND_MS = 1_000;

async function run(): Promise<number> {
  const { json, all, deadline, settle } = auditChoice(process.argv.slice(2));
  const begin = performance.now();
  const system = await findRunningSystem(process.env);
  const report = await audit(system, {
    ...{ settleMs: settle * SECOND_MS, deadlineMs: deadline * MINUTE_MS },
    shown: all ? Infinity : undefined,
  });
  const text = json ? JSON.stringify(report, null, 2) : inWords(report, performance.now() - begin).join('\n');
  process.stdout.write(`${text}\n`);
  return report.clean ? 0 : 1;
}

try {
  process.exitCode = await run();
} catch (error) {
  const isKnown = error instanceof CannotAudit;
  process.stderr.write(`The audit could not be made. ${isKnown ? error.message : (error as Error).stack}\n`);
  process.exitCode = COULD_NOT_RUN;
}
