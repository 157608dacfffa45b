import {
  ensureDatabase,
  ensureQueues,
  ensureReader,
  ensureUsers,
  ensureVhost,
  findInfrastructure,
  monitorUser,
  publisherOf,
  sampleStorefront,
  storefrontUser,
} from '@retaguarda/infrastructure';
import type { Infrastructure } from '@retaguarda/infrastructure';
import type { Screen } from '../screen.js';
import {
  auditRole,
  chosenServices,
  databaseOf,
  departments,
  planOf,
  portOf,
  refuseUnbuilt,
  services,
} from './departments.js';
import type { Addresses, SystemChoice } from './departments.js';
import { inSeconds, tellDeath } from './in-words.js';
import { leftoversIn, stopLeftovers, straysOf } from './leftovers.js';
import { refuseTakenPorts } from './ports.js';
import { identityOf, signal } from './process-identity.js';
import type { ProcessIdentity } from './process-identity.js';
import { ServiceProcess } from './service-process.js';
import type { Watch } from './service-process.js';
import type { RunFile, StateDirectory } from './state-directory.js';

type SystemAddresses = Addresses & Pick<RunFile, 'brokerUrl' | 'storefrontUrl'>;

/** The whole system on one page: servers, then databases, then the services, all at once; and back again. */
export class System {
  private infrastructure?: Infrastructure;
  private addresses?: SystemAddresses;
  private services: ServiceProcess[] = [];
  private servers: { broker: ProcessIdentity[]; database: ProcessIdentity[] } = { broker: [], database: [] };
  private isUp = false;

  constructor(
    private readonly choice: SystemChoice,
    readonly directory: StateDirectory,
    private readonly screen: Screen,
  ) {}

  /**
   * Resolves when every service is ready. Throws CannotStart, InfrastructureMissing or StateDirectoryInUse, whose
   * messages are for people. After a failure, or when `stopRequested` has interrupted it, `stop()` must be called.
   */
  async start(stopRequested: AbortSignal): Promise<RunFile> {
    const begin = performance.now();
    const chosen = chosenServices(this.choice);
    refuseUnbuilt(chosen, this.choice.command);
    const wanted = chosen.map(({ name }) => ({ name, port: portOf(name, this.choice) }));
    const before = leftoversIn(this.directory.footprint, this.directory);
    const held = before.map(({ port }) => port);
    // A stray's port is not known; the ports are asked for again when the strays are gone.
    const hasStrays = straysOf(this.directory.path, before).length > 0;
    const unheld = hasStrays ? [] : wanted.filter(({ port }) => !held.includes(port));
    await refuseTakenPorts(unheld, this.choice.command);

    this.infrastructure = await this.findServers();
    stopRequested.throwIfAborted();
    await this.stopLeftovers();
    await refuseTakenPorts(wanted, this.choice.command);
    this.addresses = await this.screen.during('making queues and databases', this.prepare());
    stopRequested.throwIfAborted();

    const addresses = this.addresses;
    this.services = chosen.map(
      (service) => new ServiceProcess(planOf(service, this.choice, this.directory, addresses), this.watch),
    );
    await this.untilReady(stopRequested);
    this.isUp = true;
    this.directory.writeRunFile(this.runFile);
    this.screen.done(`the system is up after ${inSeconds(performance.now() - begin)}`);
    return this.runFile;
  }

  /** Drains the services, then stops the servers that were started here. True when nothing had to be forced. */
  async stop(): Promise<boolean> {
    const { infrastructure } = this;
    // Without it this launcher holds nothing: what lies in the directory may be another one's.
    if (!infrastructure) return true;
    this.isUp = false;
    this.directory.removeRunFile();
    const isClean = await this.drain();
    const isOurs = [infrastructure.broker, infrastructure.database].some(({ origin }) => origin !== 'environment');
    await this.screen.during(isOurs ? 'stopping the broker and the database' : 'letting go', infrastructure.stop());
    this.directory.removeFootprint();
    this.screen.done(
      `stopped${isOurs ? '; the data stay in ' + this.directory.shown + ' (npm run reset removes them)' : ''}`,
    );
    return isClean;
  }

  /** Ends every process that was started here without asking; committed data survive that. */
  killAtOnce(): void {
    for (const service of this.services) service.kill();
    for (const server of this.servers.broker) signal(server, 'SIGKILL');
    // Postgres' immediate shutdown: its other processes go with it.
    for (const server of this.servers.database) signal(server, 'SIGQUIT');
    if (this.infrastructure) this.directory.removeRunFile();
  }

  /** Whether there is anything to stop. */
  get hasStarted(): boolean {
    return this.infrastructure !== undefined;
  }

  /** Only while it runs. */
  get broker(): Infrastructure['broker'] {
    if (!this.infrastructure) throw new Error('the system is not running');
    return this.infrastructure.broker;
  }

  private async findServers(): Promise<Infrastructure> {
    const report = (line: string) => this.screen.note(line);
    const searching = findInfrastructure({ stateDir: this.directory.path, report });
    const infrastructure = await this.screen.during('looking for RabbitMQ and Postgres, or starting them', searching);
    const identities = (pids: number[]) => pids.flatMap((pid) => identityOf('server', pid) ?? []);
    this.servers = {
      broker: identities(infrastructure.broker.pids),
      database: identities(infrastructure.database.pids),
    };
    return infrastructure;
  }

  /** Only now, with the lock of the directory in hand and the servers up, so that they can drain. */
  private async stopLeftovers(): Promise<void> {
    const recorded = leftoversIn(this.directory.footprint, this.directory);
    const left = [...recorded, ...straysOf(this.directory.path, recorded)];
    this.directory.removeRunFile();
    if (left.length > 0) {
      const pids = left.map(({ name, pid }) => `${name} ${pid}`).join(', ');
      const services = left.length === 1 ? '1 service' : `${left.length} services`;
      this.screen.warn(`an earlier start left ${services} running (${pids}): stopping them`);
      await this.screen.during('waiting until they have drained', stopLeftovers(left));
    }
    this.leaveFootprint();
  }

  /** All queues before the first department, so that nothing is published past one that has not started yet. */
  private async prepare(): Promise<SystemAddresses> {
    const { broker, database } = this.infrastructure as Infrastructure;
    const report = (line: string) => this.screen.note(line);
    const makeQueues = async () => {
      const url = await ensureVhost(broker, broker.vhost, report);
      await ensureQueues(url);
      return { url, users: await ensureUsers(broker, broker.vhost, report) };
    };
    const [{ url: brokerUrl, users }, databases] = await Promise.all([makeQueues(), this.makeDatabases(database)]);
    return {
      ...{ brokerUrl, ...databases },
      storefrontUrl: users.urlOf(storefrontUser(sampleStorefront)),
      monitorUrl: users.urlOf(monitorUser),
      managementUrl: broker.managementUrl,
      brokers: Object.fromEntries(
        departments.map(({ name }) => [name, { url: users.urlOf(name), publishUrl: users.urlOf(publisherOf(name)) }]),
      ),
    };
  }

  private async makeDatabases(
    database: Infrastructure['database'],
  ): Promise<Pick<Addresses, 'databases' | 'auditDatabases'>> {
    const names = departments.map(({ name }) => databaseOf(name));
    const urls = await Promise.all(names.map((name) => ensureDatabase(database, name)));
    const forReading = await ensureReader(database, auditRole, names);
    const byDepartment = (all: readonly string[]) =>
      Object.fromEntries(departments.map(({ name }, index) => [name, all[index] ?? '']));
    return { databases: byDepartment(urls), auditDatabases: byDepartment(forReading) };
  }

  private async untilReady(stopRequested: AbortSignal): Promise<void> {
    const begin = performance.now();
    for (const service of this.services) service.start();
    const ready: string[] = [];
    const all = Promise.all(
      this.services.map(async (service) => {
        await service.untilReady(stopRequested);
        ready.push(service.plan.name);
      }),
    );
    await this.screen.during('starting the departments and the control room', all);
    this.screen.done(`${ready.sort().join(', ')} ready in ${inSeconds(performance.now() - begin)}`);
  }

  private async drain(): Promise<boolean> {
    const waiting = new Set(this.services.filter(({ isUp }) => isUp).map(({ plan }) => plan.name));
    if (waiting.size === 0) return true;
    const endings = this.services.map(async (service) => {
      const ending = await service.stop();
      waiting.delete(service.plan.name);
      if (ending === 'killed') this.screen.warn(`${service.plan.name} did not finish in time and was killed`);
      if (ending === 'failed')
        this.screen.warn(`${service.plan.name} did not end cleanly: see ${service.plan.logFile}`);
      return ending;
    });
    const all = await this.screen.during('draining: what is in hand is finished first', Promise.all(endings));
    this.screen.done(`${all.length === 1 ? 'the service has' : 'the services have'} drained`);
    return all.every((ending) => ending === 'drained');
  }

  private get runFile(): RunFile {
    const { brokerUrl, brokers, databases, auditDatabases, storefrontUrl, monitorUrl, managementUrl } = this
      .addresses as SystemAddresses;
    return {
      ...{ brokerUrl, storefrontUrl, monitorUrl, brokers: { ...brokers } },
      ...(managementUrl && { managementUrl }),
      services: Object.fromEntries(services.map(({ name }) => [name, `http://127.0.0.1:${portOf(name, this.choice)}`])),
      databases: { ...databases },
      auditDatabases: { ...auditDatabases },
      pids: Object.fromEntries([
        ['launcher', process.pid],
        ...this.services.flatMap(({ identity, plan }) => (identity ? [[plan.name, identity.pid]] : [])),
      ]),
      mode: this.choice.mode,
    };
  }

  private leaveFootprint(): void {
    const launcher = identityOf('launcher', process.pid);
    if (!launcher) return;
    const services = this.services.flatMap(({ identity, plan: { port } }) => (identity ? [{ ...identity, port }] : []));
    this.directory.leaveFootprint({ launcher, services });
  }

  private readonly watch: Watch = {
    onChange: () => {
      this.leaveFootprint();
      if (this.isUp) this.directory.writeRunFile(this.runFile);
    },
    onDeath: (service, how, restartInMs) => this.screen.warn(tellDeath(service.plan, how, restartInMs)),
    onReturn: ({ plan: { name } }, tookMs) => this.screen.done(`${name} is back, ready in ${inSeconds(tookMs)}`),
  };
}
