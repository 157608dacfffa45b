import { randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BrokerAddresses } from './departments.js';
import type { ProcessIdentity } from './process-identity.js';

/** The repository, seen from src/system as well as from dist/system. */
export const repository = fileURLToPath(new URL('../../../../', import.meta.url));

const servers = {
  postgres: 'the databases of all departments',
  rabbitmq: 'the queues, with everything that waits in them',
  'infrastructure.json': 'the generated passwords and the chosen ports',
};

const own = {
  'billing-webhook.json': 'the secret that payment callbacks are signed with',
  'last-orders.json': 'which orders were submitted last',
  logs: 'the logs',
  'launcher.json': 'the process numbers of the last start',
  'run.json': 'the addresses of the last start',
};

/** What each entry of the directory is, for people. */
export const meanings: Readonly<Record<string, string>> = { ...servers, ...own };

/** What `.retaguarda/run.json` tells other programs while the system runs. */
export interface RunFile {
  /** AMQP address with its virtual host, of the administrator. */
  brokerUrl: string;
  /** Of each department. */
  brokers: Record<string, BrokerAddresses>;
  /** Of the sample storefront. */
  storefrontUrl: string;
  /** Of a user who sees the length of queues in the management API, and no message. */
  monitorUrl: string;
  managementUrl?: string;
  services: Record<string, string>;
  databases: Record<string, string>;
  /** The same by a role that may only read: the audit's. */
  auditDatabases: Record<string, string>;
  /** Of the launcher and of each service; written again when a service was restarted. */
  pids: Record<string, number>;
  mode: 'auto' | 'manual';
}

/** What a launcher leaves behind when it is killed, so that the next one can tidy up. */
export interface Footprint {
  launcher: ProcessIdentity;
  services: (ProcessIdentity & { port: number })[];
}

/** `.retaguarda`: everything that the launcher writes. Files with secrets in them are readable by their owner only. */
export class StateDirectory {
  readonly path: string;

  constructor(path = process.env.RETAGUARDA_STATE_DIR || join(repository, '.retaguarda')) {
    this.path = resolve(path);
  }

  /** As a person in the repository would type it. */
  get shown(): string {
    const short = relative(process.cwd(), this.path);
    return short.startsWith('..') ? this.path : short;
  }

  get runFile(): string {
    return join(this.path, 'run.json');
  }

  writeRunFile(content: RunFile): void {
    this.write('run.json', content);
  }

  removeRunFile(): void {
    rmSync(this.runFile, { force: true });
  }

  get footprint(): Footprint | undefined {
    return this.read<Footprint>('launcher.json');
  }

  leaveFootprint(footprint: Footprint): void {
    this.write('launcher.json', footprint);
  }

  removeFootprint(): void {
    rmSync(join(this.path, 'launcher.json'), { force: true });
  }

  /** With which the payment provider's callbacks are signed: made once, the same on every start. */
  webhookSecret(): string {
    const { secret } = this.read<{ secret?: string }>('billing-webhook.json') ?? {};
    if (secret) return secret;
    const made = `whsec_${randomBytes(32).toString('base64')}`;
    this.write('billing-webhook.json', { secret: made });
    return made;
  }

  /** The log of this run; the run before it is kept beside it. */
  freshLog(name: string): string {
    const file = this.logFile(name);
    if (existsSync(file)) renameSync(file, file.replace(/\.log$/, '.before.log'));
    return file;
  }

  logFile(name: string): string {
    mkdirSync(join(this.path, 'logs'), { recursive: true, mode: 0o700 });
    return join(this.path, 'logs', `${name}.log`);
  }

  /** What lies in it, of the launcher and of the servers; not the state directories of test runs. */
  get content(): string[] {
    const known = [...Object.keys(servers), ...Object.keys(own)];
    return existsSync(this.path) ? known.filter((name) => existsSync(join(this.path, name))) : [];
  }

  /** Of the launcher itself; the servers' data are removed by libs/infrastructure. */
  removeOwn(): void {
    for (const name of Object.keys(own)) rmSync(join(this.path, name), { recursive: true, force: true });
    if (existsSync(this.path) && readdirSync(this.path).length === 0) rmdirSync(this.path);
  }

  private write(name: string, content: object): void {
    mkdirSync(this.path, { recursive: true });
    const draft = join(this.path, `${name}.new`);
    writeFileSync(draft, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
    renameSync(draft, join(this.path, name));
  }

  private read<Content>(name: string): Content | undefined {
    try {
      return JSON.parse(readFileSync(join(this.path, name), 'utf8')) as Content;
    } catch {
      return undefined;
    }
  }
}
