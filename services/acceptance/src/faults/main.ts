import { lastWords } from '../last-words.js';
import { faultChoice } from './command-line.js';
import { faults } from './faults.js';
import { Session } from './session.js';

const STATE_DIR = '.retaguarda/faults';
const COULD_NOT_RUN = 2;
const INTERRUPTED = 130;

const say = (line: string) => console.log(line);
const choice = faultChoice(process.argv.slice(2));

async function run(): Promise<number> {
  say(`Seed ${choice.seed}: npm run faults -- --seed ${choice.seed} sends the same orders and takes the same turns.`);
  const session = await Session.open(choice, STATE_DIR, say);
  const interrupt = () => {
    if (session.isInterrupted) return;
    say('Stopping everything that was started.');
    void session.interrupt().finally(() => process.exit(INTERRUPTED));
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  try {
    return (await session.run()) ? 0 : 1;
  } catch (error) {
    // What fails because everything is being stopped is no news; the interrupt ends the process.
    if (session.isInterrupted) await new Promise(() => undefined);
    throw error;
  } finally {
    await session.close();
  }
}

function list(): void {
  for (const { id, title, does, heals, turns, isMissing } of faults) {
    say(`${id.padEnd(4)} ${title}${isMissing?.() ? ` (skipped: ${isMissing()})` : ''}`);
    say(`     ${does}. Healed: ${heals}.`);
    say(`     turns: ${turns.join(', ')}\n`);
  }
}

try {
  if (choice.list) list();
  else process.exitCode = await run();
} catch (error) {
  console.error(`The fault runs could not go on. ${lastWords(error)}`);
  process.exitCode = COULD_NOT_RUN;
}
