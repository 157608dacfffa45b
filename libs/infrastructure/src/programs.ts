import { existsSync, readdirSync, realpathSync, accessSync, constants } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Names in RETAGUARDA_WITHOUT (comma-separated) are treated as not installed: to try the other ways of finding. */
export function isHidden(program: string): boolean {
  return (process.env.RETAGUARDA_WITHOUT ?? '').split(',').includes(program);
}

/** Debian's /usr/sbin/rabbitmq-server is a wrapper that changes user and directory: the server's own script is wanted. */
export function findRabbitServer(): string | undefined {
  if (isHidden('rabbitmq-server')) return undefined;
  const directories = [
    '/usr/lib/rabbitmq/bin',
    ...below('/usr/lib/rabbitmq/lib', 'sbin'),
    ...pathDirectories(),
    ...['/usr/sbin', '/usr/local/sbin', '/opt/homebrew/sbin', '/opt/homebrew/opt/rabbitmq/sbin'],
    '/usr/local/opt/rabbitmq/sbin',
  ];
  return runnable(directories, 'rabbitmq-server').find((path) => !realpathSync(path).endsWith('script-wrapper'));
}

export function findErl(): string | undefined {
  const directories = ['/usr/bin', '/usr/local/bin', '/usr/lib/erlang/bin', '/opt/homebrew/bin'];
  return runnable([...pathDirectories(), ...directories], 'erl')[0];
}

/** Comes with Erlang; not always on PATH. */
export function findEpmd(): string | undefined {
  const erl = findErl();
  const beside = erl === undefined ? [] : [dirname(realpathSync(erl))];
  const roots = ['/usr/lib/erlang', '/opt/homebrew/opt/erlang/lib/erlang', '/usr/local/opt/erlang/lib/erlang'];
  const inRoots = roots.flatMap((root) => [join(root, 'bin'), ...below(root, 'bin')]);
  return runnable([...beside, ...pathDirectories(), ...inRoots], 'epmd')[0];
}

export interface PostgresPrograms {
  postgres: string;
  initdb: string;
  major: number | undefined;
  origin: 'private' | 'embedded';
}

/** Newest first. A directory counts only when it has both programs. */
export function findPostgresPrograms(): PostgresPrograms[] {
  if (isHidden('postgres')) return [];
  const kegs = (root: string) => below(root, 'bin').filter((path) => path.includes('postgresql'));
  const directories = [
    ...below('/usr/lib/postgresql', 'bin').sort(byMajorDescending),
    ...pathDirectories(),
    ...below('/usr', 'bin').filter((path) => path.includes('pgsql')),
    ...[...kegs('/opt/homebrew/opt'), ...kegs('/usr/local/opt')].sort(byMajorDescending),
    '/usr/local/pgsql/bin',
  ];
  return runnable(directories, 'postgres').flatMap((postgres) => {
    const initdb = join(dirname(postgres), 'initdb');
    return existsSync(initdb) ? [{ postgres, initdb, major: majorIn(postgres), origin: 'private' as const }] : [];
  });
}

function majorIn(path: string): number | undefined {
  const found = /(?:postgresql[/@]|pgsql-)(\d+)/.exec(path);
  return found ? Number(found[1]) : undefined;
}

function byMajorDescending(left: string, right: string): number {
  return (majorIn(right) ?? 0) - (majorIn(left) ?? 0);
}

export function pathDirectories(): string[] {
  return (process.env.PATH ?? '').split(':').filter((directory) => directory.startsWith('/'));
}

function runnable(directories: string[], program: string): string[] {
  return [...new Set(directories)].map((directory) => join(directory, program)).filter(canRun);
}

function canRun(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return basename(path) !== '';
  } catch {
    return false;
  }
}

/** `<root>/<each>/<leaf>` that exist, in the order of their names reversed (newest version first). */
function below(root: string, leaf: string): string[] {
  try {
    const children = readdirSync(root).sort().reverse();
    return children.map((child) => join(root, child, leaf)).filter((path) => existsSync(path));
  } catch {
    return [];
  }
}
