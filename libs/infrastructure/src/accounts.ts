import { spawnSync } from 'node:child_process';

/** The unprivileged user that a server runs as when we are root. */
export interface Account {
  name: string;
  uid: number;
  gid: number;
}

/** Undefined when we are not root: servers then run as ourselves. */
export function accountFor(candidates: string[]): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of candidates) {
    const [uid, gid] = [idOf('-u', name), idOf('-g', name)];
    if (uid !== undefined && gid !== undefined && uid !== 0) return { name, uid, gid };
  }
  throw new Error(`none of the users ${candidates.join(', ')} exists, and the servers refuse to run as root`);
}

function idOf(flag: string, name: string): number | undefined {
  const asked = spawnSync('id', [flag, name], { encoding: 'utf8' });
  return asked.status === 0 ? Number(asked.stdout.trim()) : undefined;
}

/** Whether the account gets as far as this directory (a parent such as /root may be closed to it). */
export function canEnter(account: Account, directory: string): boolean {
  const { uid, gid } = account;
  return spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', directory], { uid, gid, cwd: '/' }).status === 0;
}
