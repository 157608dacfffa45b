import { startChoice } from './command-line.js';
import { launch, untilStopRequested } from './launch.js';
import { addressLines } from './system/in-words.js';

const choice = startChoice(process.argv.slice(2), process.env);

await launch(choice, async ({ system, screen, stopRequested }) => {
  screen.title('Retaguarda');
  const run = await system.start(stopRequested);
  screen.line('');
  for (const line of addressLines(run, system.broker, system.directory.shown)) screen.line(line);
  screen.line('');
  await untilStopRequested(stopRequested);
  return 0;
});
