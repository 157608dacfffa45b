import { demoChoice } from './command-line.js';
import type { DemoChoice } from './command-line.js';
import { runDemo } from './demo/run-demo.js';
import { launch, untilStopRequested } from './launch.js';
import type { Launch } from './launch.js';
import { prepareFeed } from './orders/index.js';
import { CannotStart } from './system/cannot-start.js';
import { addressLines } from './system/in-words.js';

const choice = demoChoice(process.argv.slice(2), process.env);

const work = async (launched: Launch) => {
  const { system, screen, stopRequested } = launched;
  screen.title('Retaguarda: demo');
  const run = `demo-${new Date().toISOString().replace(/\D/g, '').slice(0, 14)}`;
  const feed = await prepareFeed({ ...choice, count: choice.orders, run }).catch(asAdvice);
  const running = await system.start(stopRequested);
  const wrong = await runDemo({ choice, feed, run }, running, launched);
  screen.line('');
  for (const line of wrong) screen.problem(line);
  if (wrong.length === 0) screen.done('everything adds up, and nothing was lost');
  screen.line('');
  if (choice.exit) return wrong.length === 0 ? 0 : 1;
  for (const line of addressLines(running, system.broker, system.directory.shown)) screen.line(line);
  screen.line('');
  await untilStopRequested(stopRequested);
  return 0;
};

await launch(choice, work, choice.exit ? 130 : 0);

function asAdvice(error: NodeJS.ErrnoException): never {
  const { file }: DemoChoice = choice;
  if (error.code === 'ENOENT') throw new CannotStart(`There is no file ${file}.`);
  if (error.code === 'EISDIR') throw new CannotStart(`${file} is a directory, not a CSV file.`);
  throw error;
}
