import { eventually } from './eventually.js';
import { askBrokerVersion } from './management-api.js';
import { canConnect } from './ports.js';
import { askDatabaseVersion } from './postgres.js';
import type { Broker, Database } from './servers.js';

const answerBoundMs = 15_000;

/** `RABBITMQ_URL`, taken apart. Throws when it is not an AMQP URL. */
export function brokerAddress(given: string): Pick<Broker, 'url' | 'user' | 'password' | 'vhost'> & AddressParts {
  const url = parsed(given, 'RABBITMQ_URL', ['amqp:', 'amqps:']);
  const port = Number(url.port || (url.protocol === 'amqps:' ? 5671 : 5672));
  const user = decodeURIComponent(url.username) || 'guest';
  const password = decodeURIComponent(url.password) || (url.username === '' ? 'guest' : '');
  const vhost = decodeURIComponent(url.pathname.slice(1)) || '/';
  const host = url.hostname;
  const credentials = `${encodeURIComponent(user)}:${encodeURIComponent(password)}`;
  return { url: `${url.protocol}//${credentials}@${host}:${port}`, user, password, vhost, host, port };
}

interface AddressParts {
  host: string;
  port: number;
}

export async function brokerFromEnvironment(env = process.env): Promise<Broker | undefined> {
  if (!env.RABBITMQ_URL) return undefined;
  const { host, port, ...address } = brokerAddress(env.RABBITMQ_URL);
  const isThere = await eventually(() => canConnect(port, bare(host)), answerBoundMs, 250);
  if (!isThere) throw new Error(`RABBITMQ_URL is set, but nothing answers at ${host}:${port}`);
  const managementUrl = (env.RABBITMQ_MANAGEMENT_URL || `http://${host}:15672`).replace(/\/+$/, '');
  const version = await askBrokerVersion({ ...address, managementUrl });
  if (version === undefined && env.RABBITMQ_MANAGEMENT_URL) {
    throw new Error(`RABBITMQ_MANAGEMENT_URL is set, but ${managementUrl} does not answer to the user of RABBITMQ_URL`);
  }
  const described = version === undefined ? 'RabbitMQ without management API' : `RabbitMQ ${version}`;
  return {
    ...address,
    managementUrl: version === undefined ? undefined : managementUrl,
    origin: 'environment',
    pids: [],
    describe: `${described} at ${host}:${port} (RABBITMQ_URL)`,
  };
}

export async function databaseFromEnvironment(env = process.env): Promise<Database | undefined> {
  if (!env.POSTGRES_URL) return undefined;
  const url = parsed(env.POSTGRES_URL, 'POSTGRES_URL', ['postgres:', 'postgresql:']);
  if (url.pathname === '' || url.pathname === '/') url.pathname = '/postgres';
  let refusal = '';
  const note = (error: Error) => void (refusal = error.message);
  const version = await eventually(() => askDatabaseVersion(url.href).catch(note), answerBoundMs, 250);
  if (!version) throw new Error(`POSTGRES_URL is set, but ${url.host} does not let us in: ${refusal}`);
  const describe = `Postgres ${version} at ${url.host} (POSTGRES_URL)`;
  return { adminUrl: url.href, origin: 'environment', pids: [], describe };
}

function parsed(given: string, variable: string, protocols: string[]): URL {
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (url && protocols.includes(url.protocol) && url.hostname !== '') return url;
  throw new Error(`${variable} is not a URL like ${protocols[0]}//user:password@host:port`);
}

function bare(host: string): string {
  return host.replace(/^\[|\]$/g, '');
}
