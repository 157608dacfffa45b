import { CannotAudit } from '../audit/cannot-audit.js';
import { findDepartment } from '../audit/running-system.js';
import { CannotReplay } from './cannot-replay.js';
import { replayChoice } from './command-line.js';
import { inWords } from './in-words.js';
import { replay } from './replay.js';

const COULD_NOT_RUN = 2;

async function run(): Promise<number> {
  const choice = replayChoice(process.argv.slice(2));
  const begin = performance.now();
  const { databaseUrl, brokerUrl } = await findDepartment(process.env, choice.service);
  if (!databaseUrl)
    throw new CannotReplay(
      `No running system found; npm start first, or set REPLAY_DATABASE_URL to the address of ${choice.service}'s database, by its own role.`,
    );
  if (!brokerUrl)
    throw new CannotReplay('No broker is known: set REPLAY_BROKER_URL to the address of its administrator.');
  if (!choice.json) process.stderr.write('Reading the journal …\n');
  const report = await replay({ databaseUrl, brokerUrl }, choice);
  const text = choice.json ? JSON.stringify(report, null, 2) : inWords(report, performance.now() - begin).join('\n');
  process.stdout.write(`${text}\n`);
  return report.problems.length === 0 ? 0 : 1;
}

try {
  process.exitCode = await run();
} catch (error) {
  const isKnown = error instanceof CannotReplay || error instanceof CannotAudit;
  process.stderr.write(`Nothing was replayed. ${isKnown ? error.message : (error as Error).stack}\n`);
  process.exitCode = COULD_NOT_RUN;
}
