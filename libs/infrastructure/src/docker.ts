import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runToEnd } from './commands.js';

export const composeFile = fileURLToPath(new URL('../../../docker-compose.yml', import.meta.url));
const fetchBoundMs = 900_000;

export async function dockerAnswers(): Promise<boolean> {
  const asked = await runToEnd('docker', ['info', '--format', '{{.ServerVersion}}'], { boundMs: 2_000 });
  return asked.code === 0 && /^\d/.test(asked.output.trim());
}

export type Compose = (...args: string[]) => Promise<string>;

/** `docker compose` (v2) or `docker-compose` (v1), bound to the root's compose file; throws what Docker said when it fails. */
export async function findCompose(settings: Record<string, string>, file = composeFile): Promise<Compose> {
  if (!existsSync(file)) throw new Error(`there is no ${file}`);
  const isPlugin = (await runToEnd('docker', ['compose', 'version'], { boundMs: 10_000 })).code === 0;
  const [program, ...prefix] = isPlugin ? ['docker', 'compose'] : ['docker-compose'];
  const options = { cwd: dirname(file), env: { ...process.env, ...settings } };
  return async (...args) => run(program as string, [...prefix, '-f', file, ...args], options);
}

/**
 * What the compose file asks for, for servers of one state directory: a project of its own, so that the containers and
 * volumes of a whole system that runs from the same file are neither used nor removed; and ports that are free.
 */
export function composeSettings(directory: string, passwords: { broker: string; database: string }) {
  return {
    COMPOSE_PROJECT_NAME: `retaguarda-${createHash('sha256').update(directory).digest('hex').slice(0, 12)}`,
    RETAGUARDA_BROKER_PASSWORD: passwords.broker,
    RETAGUARDA_DATABASE_PASSWORD: passwords.database,
    RETAGUARDA_AMQP_PORT: '0',
    RETAGUARDA_MANAGEMENT_PORT: '0',
    RETAGUARDA_POSTGRES_PORT: '0',
  };
}

async function run(program: string, args: string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}) {
  const { code, output } = await runToEnd(program, args, { boundMs: fetchBoundMs, ...options });
  if (code === 0) return output;
  throw new Error(`${program} ${args.join(' ')} failed: ${output.trim().split('\n').slice(-4).join(' / ')}`);
}

export async function runningServices(compose: Compose, services: string[]): Promise<string[]> {
  const states = await Promise.all(services.map((service) => isServiceRunning(compose, service)));
  return services.filter((_, index) => states[index]);
}

async function isServiceRunning(compose: Compose, service: string): Promise<boolean> {
  const id = await containerOf(compose, service);
  if (id === undefined) return false;
  return (await run('docker', ['inspect', '--format', '{{.State.Running}}', id])).trim() === 'true';
}

export async function containerOf(compose: Compose, service: string): Promise<string | undefined> {
  return containerIdIn(await compose('ps', '-q', service));
}

/** Warnings of compose may stand around the id. */
export function containerIdIn(output: string): string | undefined {
  return output.split('\n').find((line) => /^[0-9a-f]{12,64}$/.test(line.trim()));
}

export interface Published {
  host: string;
  port: number;
}

/** Where a container's port is published; undefined when it is not. */
export async function publishedPort(compose: Compose, service: string, port: number): Promise<Published | undefined> {
  const output = await compose('port', service, String(port)).catch(() => '');
  return publishedIn(output, engineHost(process.env.DOCKER_HOST));
}

/** `0.0.0.0:5672`, `[::]:5672`, `:::5672` or `127.0.0.1:32768`; v2 prints port 0 or nothing for a port without publication. */
export function publishedIn(output: string, engine: string): Published | undefined {
  const lines = output.split('\n').map((line) => /^(\S*):(\d+)$/.exec(line.trim()));
  const found = lines.find((match) => match && Number(match[2]) > 0);
  if (!found) return undefined;
  const host = found[1] as string;
  const isEverywhere = ['', '0.0.0.0', '::', '[::]'].includes(host);
  return { host: isEverywhere ? engine : host, port: Number(found[2]) };
}

export function engineHost(dockerHost: string | undefined): string {
  const url = dockerHost && URL.canParse(dockerHost) ? new URL(dockerHost) : undefined;
  return url && ['tcp:', 'ssh:', 'http:', 'https:'].includes(url.protocol) ? url.hostname : '127.0.0.1';
}

export async function containerVariables(id: string): Promise<Record<string, string>> {
  const list = JSON.parse(await run('docker', ['inspect', '--format', '{{json .Config.Env}}', id])) as string[];
  return Object.fromEntries(list.map((entry) => [entry.split('=')[0], entry.slice(entry.indexOf('=') + 1)]));
}

/** A value as the official images take it: in a variable, or in the file that `<variable>_FILE` names (a secret). */
export async function credential(id: string, name: string, otherwise: string): Promise<string> {
  const variables = await containerVariables(id);
  const file = variables[`${name}_FILE`];
  if (file) return (await run('docker', ['exec', id, 'cat', file])).trim();
  return variables[name] ?? otherwise;
}
