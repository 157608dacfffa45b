import colors from 'picocolors';
import type { Infrastructure } from '@retaguarda/infrastructure';
import { lastWords } from './last-words.js';
import type { ServicePlan } from './service-process.js';
import type { RunFile } from './state-directory.js';

/** `6.2 s` */
export function inSeconds(durationMs: number): string {
  return `${(durationMs / 1_000).toFixed(1)} s`;
}

export function tellDeath({ name, logFile }: ServicePlan, how: string, restartInMs: number): string {
  const words = how.startsWith('exit') ? lastWords(logFile, 3).map((line) => `\n${colors.dim(line)}`) : [];
  return (
    `${colors.bold(name)} stopped unexpectedly (${how}); starting it again in ${inSeconds(restartInMs)}.` +
    `${words.join('')}\nIts log: ${logFile}`
  );
}

/** Where everything is; the broker's password is shown only when it was generated here. */
export function addressLines(
  { services, databases, mode, storefrontUrl }: RunFile,
  broker: Infrastructure['broker'],
  state: string,
) {
  const width = Math.max(...Object.keys(services).map((name) => name.length)) + 2;
  const line = (name: string, text: string) => `  ${colors.bold(name.padEnd(width))}${text}`;
  const service = ([name, url]: [string, string]) =>
    line(name, `${colors.cyan(name === 'control-room' ? url : `${url}/docs`)}${remarkOn(name, url, mode)}`);
  const { host } = new URL(Object.values(databases)[0] ?? 'postgres://unknown');
  return [
    ...Object.entries(services).map(service),
    '',
    line('RabbitMQ', broker.managementUrl ? colors.cyan(broker.managementUrl) : 'offers no management page'),
    line('', broker.origin === 'environment' ? 'user and password as in RABBITMQ_URL' : `user      ${broker.user}`),
    ...(broker.origin === 'environment' ? [] : [line('', `password  ${broker.password}`)]),
    line(
      'storefront',
      broker.origin === 'environment' ? `its address is storefrontUrl in ${state}/run.json` : storefrontUrl,
    ),
    line('Postgres', `${host}, a database for each department (addresses in ${state}/run.json)`),
    line('logs', `${state}/logs/<service>.log`),
    '',
    line('more', 'npm run orders submits orders, npm run audit checks the books'),
    line('stop', 'Ctrl-C finishes what is in hand, then stops everything that was started here'),
  ];
}

function remarkOn(name: string, url: string, mode: RunFile['mode']): string {
  if (name === 'control-room') return `   do the books agree? ${url}/api/audit`;
  if (name !== 'fulfillment') return '';
  return `   ${mode === 'auto' ? 'picks, packs and dispatches by itself' : 'waits for people to pick and pack'}`;
}
