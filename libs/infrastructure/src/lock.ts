import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { identityOf, isRunning, type ProcessIdentity } from './processes.js';

/** Another start holds this state directory. */
export class StateDirectoryInUse extends Error {
  override readonly name = 'StateDirectoryInUse';

  constructor(
    readonly directory: string,
    readonly pid: number,
  ) {
    super(
      pid === process.pid
        ? `${directory} is already in use by this very process (pid ${pid})`
        : `${directory} is in use by process ${pid}: stop that one first (Ctrl-C in its terminal, or kill ${pid})`,
    );
  }
}

/** Takes the lock file or throws StateDirectoryInUse; a lock whose owner is gone does not count. */
export function takeLock(directory: string): () => void {
  const path = `${directory}/lock`;
  const own = JSON.stringify(identityOf('owner', process.pid));
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, own, { mode: 0o644 });
  try {
    while (!linked(draft, path)) removeAbandoned(path, directory);
  } finally {
    rmSync(draft, { force: true });
  }
  return () => {
    if (contentOf(path) === own) rmSync(path, { force: true });
  };
}

/** A link appears whole or not at all, so nobody ever reads a half-written lock. */
function linked(draft: string, path: string): boolean {
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function removeAbandoned(path: string, directory: string): void {
  const seen = contentOf(path);
  if (seen === undefined) return;
  const owner = ownerIn(seen);
  if (owner && isRunning(owner)) throw new StateDirectoryInUse(directory, owner.pid);
  // Moved aside before it is removed: two starts may see the same abandoned lock, and only one may take it.
  const aside = `${path}.abandoned.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  if (contentOf(aside) !== seen) linked(aside, path);
  rmSync(aside, { force: true });
}

function contentOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function ownerIn(content: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(content) as ProcessIdentity;
  } catch {
    return undefined;
  }
}
