import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { endProcess, identityOf, isRunning, startInStat } from './processes.js';

const sleeper = () => spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], { stdio: 'ignore' });

describe('a process that we started', () => {
  it('is known by its pid and the moment of its start', () => {
    const self = identityOf('owner', process.pid);
    expect(self && isRunning(self)).toBe(true);
    expect(isRunning({ role: 'owner', pid: process.pid, startedAt: 'earlier' })).toBe(false);
  });

  it('is ended by its signal, and is then gone', async () => {
    const child = sleeper();
    await once(child, 'spawn');
    const identity = identityOf('sleeper', child.pid as number);
    if (!identity) throw new Error('the process has no identity');
    const exit = once(child, 'exit');
    await endProcess(identity, 'SIGTERM', 5_000);
    expect(await exit).toEqual([null, 'SIGTERM']);
    expect(isRunning(identity)).toBe(false);
  });

  it('is not ended when its pid belongs to another process by now', async () => {
    const child = sleeper();
    await once(child, 'spawn');
    await endProcess({ role: 'postgres', pid: child.pid as number, startedAt: 'earlier' }, 'SIGKILL', 100);
    expect(identityOf('sleeper', child.pid as number)).toBeDefined();
    child.kill('SIGKILL');
    await once(child, 'exit');
  });

  it('is read from /proc even with brackets in its name, and counts as gone when nobody has buried it', () => {
    const after = (state: string) => `${state} 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 98765 20`;
    expect(startInStat(`42 (odd) name)) ${after('S')}`, 'boot')).toBe('boot:98765');
    expect(startInStat(`42 (beam.smp) ${after('Z')}`, 'boot')).toBeUndefined();
  });
});
