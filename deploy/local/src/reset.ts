import { removeInfrastructure } from '@retaguarda/infrastructure';
import { Screen } from './screen.js';
import { leftoversIn, stopLeftovers } from './system/leftovers.js';
import { meanings, StateDirectory } from './system/state-directory.js';

const screen = new Screen();
const directory = new StateDirectory();

screen.title('Retaguarda: reset');
try {
  await reset();
} catch (error) {
  screen.problem((error as Error).message);
  process.exitCode = 1;
}

async function reset(): Promise<void> {
  const left = leftoversIn(directory.footprint, directory);
  const { content } = directory;
  if (content.length === 0) return screen.done(`nothing to remove in ${directory.shown}`);
  screen.line(`  From ${directory.shown} these go:`);
  for (const name of content) screen.note(`${name}: ${meanings[name]}`);
  if (process.env.POSTGRES_URL || process.env.RABBITMQ_URL) {
    screen.note('what is on the servers of POSTGRES_URL and RABBITMQ_URL stays there');
  }
  screen.line('');
  if (left.length > 0) {
    screen.warn(`an earlier start left ${left.map(({ name, pid }) => `${name} (process ${pid})`).join(', ')} running`);
    await screen.during('waiting until they have drained', stopLeftovers(left));
  }
  const report = (line: string) => screen.note(line);
  const removing = removeInfrastructure({ stateDir: directory.path, report });
  await screen.during('stopping the servers that still run there, and removing them', removing);
  directory.removeOwn();
  screen.done('removed');
}
