import logUpdate from 'log-update';
import { ordersCommand } from './command.js';

const isTerminal = process.stdout.isTTY;
const drawEveryMs = 100;
const logEveryMs = 5_000;
let shownAt = performance.now();

const command = ordersCommand({
  directory: process.cwd(),
  env: process.env,
  clock: () => new Date(),
  print: (text) => {
    if (isTerminal) logUpdate.clear();
    console.log(text);
  },
  showProgress: (text) => {
    if (performance.now() - shownAt < (isTerminal ? drawEveryMs : logEveryMs)) return;
    shownAt = performance.now();
    if (isTerminal) logUpdate(text);
    else console.log(text);
  },
});

try {
  await command.parseAsync();
} catch (error) {
  console.error(`Error: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
