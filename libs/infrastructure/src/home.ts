import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, lstatSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { canEnter, type Account } from './accounts.js';
import { choosePort, type PortName, type Ports } from './ports.js';
import type { ProcessIdentity } from './processes.js';
import type { Report } from './servers.js';

interface Memory {
  ports: Partial<Ports>;
  passwords: { broker: string; database: string };
  processes: { broker: ProcessIdentity[]; database: ProcessIdentity[] };
  /** Services of docker-compose.yml that we started and therefore stop. */
  dockerServices: string[];
  /** Whether volumes of a Docker engine may hold data of ours, though nothing runs. */
  hasUsedDocker?: boolean;
}

/** What is remembered between starts, in `<directory>/infrastructure.json`, readable only by its owner. */
export class Home {
  private readonly memory: Memory;

  private constructor(
    readonly directory: string,
    private readonly file: string,
  ) {
    this.memory = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Memory) : emptyMemory();
  }

  static open(directory: string): Home {
    return new Home(directory, join(directory, 'infrastructure.json'));
  }

  get passwords(): Readonly<Memory['passwords']> {
    return this.memory.passwords;
  }

  processes(kind: 'broker' | 'database'): readonly ProcessIdentity[] {
    return this.memory.processes[kind];
  }

  /** Written before anything else happens, so that a crash right after a spawn leaves a trace. */
  record(kind: 'broker' | 'database', processes: (ProcessIdentity | undefined)[]): void {
    this.memory.processes[kind] = processes.filter((process) => process !== undefined);
    this.save();
  }

  get dockerServices(): readonly string[] {
    return this.memory.dockerServices;
  }

  get hasUsedDocker(): boolean {
    return this.memory.hasUsedDocker ?? false;
  }

  recordDocker(services: string[]): void {
    this.memory.dockerServices = services;
    this.memory.hasUsedDocker ||= services.length > 0;
    this.save();
  }

  /** Undefined unless all of them are remembered. */
  remembered<Name extends PortName>(names: Name[]): Record<Name, number> | undefined {
    const { ports } = this.memory;
    return names.every((name) => ports[name] !== undefined) ? (ports as Record<Name, number>) : undefined;
  }

  async choosePorts<Name extends PortName>(names: Name[]): Promise<Record<Name, number>> {
    const chosen: Partial<Ports> = {};
    for (const name of names) {
      chosen[name] = await choosePort(name, this.memory.ports[name], this.directory);
    }
    Object.assign(this.memory.ports, chosen);
    this.save();
    return chosen as Record<Name, number>;
  }

  private save(): void {
    const draft = `${this.file}.new`;
    writeFileSync(draft, JSON.stringify(this.memory, undefined, 2), { mode: 0o600 });
    renameSync(draft, this.file);
  }
}

function emptyMemory(): Memory {
  const password = () => randomBytes(24).toString('hex');
  return {
    ports: {},
    passwords: { broker: password(), database: password() },
    processes: { broker: [], database: [] },
    dockerServices: [],
  };
}

/** `stateDir` itself, or a directory under the system's temporary one when the servers' accounts cannot get to it. */
export function prepareDirectory(stateDir: string, accounts: (Account | undefined)[], report: Report): string {
  const wanted = makeDirectory(resolve(stateDir));
  const strangers = accounts.filter((account) => account !== undefined && !canEnter(account, wanted));
  if (strangers.length === 0) return wanted;
  const fallback = makeDirectory(fallbackDirectory(stateDir));
  report(`${wanted} is closed to user ${strangers[0]?.name}: the servers' data are kept in ${fallback}`);
  return fallback;
}

function fallbackDirectory(stateDir: string): string {
  return join(tmpdir(), `retaguarda-${createHash('sha256').update(resolve(stateDir)).digest('hex').slice(0, 12)}`);
}

/** Others may pass through (the servers' accounts must) but not list it. */
function makeDirectory(path: string): string {
  try {
    mkdirSync(path, { recursive: true });
    // Under /tmp anybody could have made it first.
    const { uid } = lstatSync(path);
    const self = process.getuid?.();
    if (self !== undefined && uid !== self) throw new Error(`${path} belongs to another user (uid ${uid})`);
    chmodSync(path, 0o711);
    return path;
  } catch (error) {
    throw new Error(`cannot use ${path} for the servers' data: ${plainCause(error)}`, { cause: error });
  }
}

export function plainCause(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  const plain: Record<string, string> = {
    EACCES: 'no permission',
    EPERM: 'no permission',
    EROFS: 'the file system is read-only',
    ENOSPC: 'the disk is full',
    EDQUOT: 'the disk quota is used up',
  };
  return (code && plain[code]) || message;
}
