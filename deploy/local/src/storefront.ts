import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { ensureStorefront, NoStorefront, removeStorefront, type Broker } from '@retaguarda/infrastructure';
import { StateDirectory } from './system/state-directory.js';
import type { RunFile } from './system/state-directory.js';

/** The broker of the running system, as its administrator. Throws NoStorefront when nothing runs here. */
function runningBroker({ runFile }: StateDirectory): Broker {
  let run: RunFile;
  try {
    run = JSON.parse(readFileSync(runFile, 'utf8')) as RunFile;
  } catch {
    throw new NoStorefront(`Nothing seems to be running here: there is no ${runFile}. Run npm start first.`);
  }
  const { protocol, host, username, password, pathname } = new URL(run.brokerUrl);
  return {
    url: `${protocol}//${username}:${password}@${host}`,
    managementUrl: run.managementUrl,
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    vhost: decodeURIComponent(pathname.slice(1)),
    ...{ origin: 'environment', pids: [], describe: host },
  };
}

const command = new Command('npm run storefront --').description(
  'Gives a storefront a broker user of its own: it submits orders, hears what became of them, and nothing else.',
);
command
  .command('add <name>')
  .description('makes the user storefront.<name> and prints its address; again: the same address')
  .action(async (name: string) => {
    const broker = runningBroker(new StateDirectory());
    console.log(await ensureStorefront(broker, broker.vhost, name));
  });
command
  .command('remove <name>')
  .description('removes the user storefront.<name>; its queues stay')
  .action(async (name: string) => {
    await removeStorefront(runningBroker(new StateDirectory()), name);
    console.log(`The user storefront.${name} is gone.`);
  });

try {
  await command.parseAsync();
} catch (error) {
  console.error(`Error: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
