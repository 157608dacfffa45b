import { chownSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { accountFor, type Account } from './accounts.js';
import { elapsedSince, eventually } from './eventually.js';
import { askBrokerVersion } from './management-api.js';
import { canConnect, type BrokerPorts } from './ports.js';
import { endProcess, identityOf, isRunning, startDetached, type ProcessIdentity } from './processes.js';
import { findEpmd, findErl, pathDirectories } from './programs.js';
import { brokerConfig, brokerEnvironment, brokerPaths, brokerUser, systemVhost } from './rabbitmq-settings.js';
import { lastLines } from './server-logs.js';
import type { Broker, Place, Running } from './servers.js';

const startBoundMs = 120_000;
const takeOverBoundMs = 20_000;
const stopBoundMs = 60_000;

export const brokerAccounts = ['rabbitmq', 'nobody'];

/** A RabbitMQ of our own under `<home>/rabbitmq`: the one that an earlier start left running, or a new one. */
export async function privateBroker(place: Place, program: string): Promise<Running<Broker>> {
  return (await takeOver(place)) ?? (await start(place, program));
}

/** Ends the recorded processes and nothing else. A broker whose data go away with it is not asked to tidy up (5 s). */
export async function stopBroker({ home, isDurable }: Pick<Place, 'home' | 'isDurable'>): Promise<void> {
  const recorded = home.processes('broker');
  const signal = isDurable ? 'SIGTERM' : 'SIGKILL';
  const bound = (role: string) => (role === 'epmd' ? 5_000 : stopBoundMs);
  // In this order: the node itself, the script that waits for it, and last the name server that both use.
  for (const role of ['rabbitmq', 'rabbitmq-script', 'epmd']) {
    for (const one of recorded) if (one.role === role) await endProcess(one, signal, bound(role));
  }
  home.record('broker', []);
}

async function takeOver(place: Place): Promise<Running<Broker> | undefined> {
  const { home, report } = place;
  if (!home.processes('broker').some(isRunning)) return undefined;
  recordNode(place);
  const ports = home.remembered(['amqp', 'management', 'distribution', 'epmd']);
  const version = ports && (await untilAnswers(place, ports, takeOverBoundMs).catch(() => undefined));
  if (ports && version) {
    report(`RabbitMQ ${version} on port ${ports.amqp} taken over from an earlier start`);
    return running(place, ports, version);
  }
  report('RabbitMQ of an earlier start does not answer any more: stopping it');
  await stopBroker(place);
  return undefined;
}

async function start(place: Place, program: string): Promise<Running<Broker>> {
  const begin = performance.now();
  const root = rootOf(place);
  if (!place.isDurable) rmSync(root, { recursive: true, force: true });
  const ports = await place.home.choosePorts(['amqp', 'management', 'distribution', 'epmd']);
  const account = accountFor(brokerAccounts);
  writeFiles(root, ports, place.home.passwords.broker, account);
  await spawnServers(place, { program, ports, account });
  try {
    const version = await untilAnswers(place, ports, startBoundMs);
    recordNode(place);
    place.report(`RabbitMQ ${version} started on port ${ports.amqp} in ${elapsedSince(begin)}`);
    return running(place, ports, version);
  } catch (error) {
    recordNode(place);
    await stopBroker(place);
    throw error;
  }
}

function rootOf({ home }: Place): string {
  return join(home.directory, 'rabbitmq');
}

function writeFiles(root: string, ports: BrokerPorts, password: string, account: Account | undefined): void {
  const paths = brokerPaths(root);
  mkdirSync(root, { recursive: true, mode: 0o700 });
  // A pid file that a killed broker left behind names a process that is somebody else's by now.
  rmSync(paths.pidFile, { force: true });
  writeFileSync(paths.config, brokerConfig(ports, password), { mode: 0o600 });
  writeFileSync(paths.advanced, '[].\n');
  writeFileSync(paths.plugins, '[rabbitmq_management].\n');
  if (!account) return;
  for (const path of [root, paths.config, paths.advanced, paths.plugins]) chownSync(path, account.uid, account.gid);
}

interface Start {
  program: string;
  ports: BrokerPorts;
  account: Account | undefined;
}

async function spawnServers(place: Place, { program, ports, account }: Start): Promise<void> {
  const root = rootOf(place);
  const env = brokerEnvironment(root, ports, searchPath());
  const command = { env, cwd: root, account };
  const epmd = findEpmd();
  const processes: (ProcessIdentity | undefined)[] = [];
  if (epmd !== undefined) {
    const args = ['-port', String(ports.epmd), '-address', '127.0.0.1'];
    const names = startDetached({ ...command, program: epmd, args, logFile: join(root, 'epmd.log') });
    processes.push(names.pid === undefined ? undefined : identityOf('epmd', names.pid));
    place.home.record('broker', processes);
    await eventually(() => canConnect(ports.epmd), 5_000, 20);
  }
  const script = startDetached({ ...command, program, args: [], logFile: brokerPaths(root).log });
  processes.push(script.pid === undefined ? undefined : identityOf('rabbitmq-script', script.pid));
  place.home.record('broker', processes);
}

function searchPath(): string {
  const erl = findErl();
  const needed = ['/usr/sbin', '/usr/bin', '/sbin', '/bin'];
  return [...new Set([...(erl === undefined ? [] : [dirname(erl)]), ...pathDirectories(), ...needed])].join(':');
}

/** The version, once all listeners are open. Throws with the broker's last words when it died or took too long. */
async function untilAnswers(place: Place, ports: BrokerPorts, boundMs: number): Promise<string> {
  const reach = {
    managementUrl: `http://127.0.0.1:${ports.management}`,
    user: brokerUser,
    password: place.home.passwords.broker,
  };
  const version = await eventually(async () => {
    if (!place.home.processes('broker').some((one) => one.role !== 'epmd' && isRunning(one))) {
      throw new Error(`RabbitMQ stopped while starting. ${lastWords(place)}`);
    }
    return (await canConnect(ports.amqp)) && askBrokerVersion(reach);
  }, boundMs);
  if (version) return version;
  throw new Error(`RabbitMQ did not answer within ${boundMs / 1000} s. ${lastWords(place)}`);
}

function lastWords(place: Place): string {
  const root = rootOf(place);
  return lastLines([brokerPaths(root).log, join(root, 'log', 'retaguarda@localhost.log')]);
}

/** The script waits for the node, which is a process of its own and writes its pid itself. */
function recordNode({ home }: Place): void {
  const { pidFile } = brokerPaths(join(home.directory, 'rabbitmq'));
  const others = home.processes('broker').filter(({ role }) => role !== 'rabbitmq');
  const known = home.processes('broker').find((one) => one.role === 'rabbitmq' && isRunning(one));
  const pid = existsSync(pidFile) ? Number(readFileSync(pidFile, 'utf8').trim()) : NaN;
  home.record('broker', [...others, known ?? (pid > 0 ? identityOf('rabbitmq', pid) : undefined)]);
}

function running(place: Place, ports: BrokerPorts, version: string): Running<Broker> {
  const { broker: password } = place.home.passwords;
  const root = rootOf(place);
  return {
    server: {
      url: `amqp://${brokerUser}:${password}@127.0.0.1:${ports.amqp}`,
      managementUrl: `http://127.0.0.1:${ports.management}`,
      user: brokerUser,
      password,
      vhost: systemVhost,
      origin: 'private',
      pids: place.home.processes('broker').map(({ pid }) => pid),
      describe: `RabbitMQ ${version} on port ${ports.amqp} (private, in ${root})`,
    },
    async stop() {
      await stopBroker(place);
      if (!place.isDurable) rmSync(root, { recursive: true, force: true });
    },
  };
}
