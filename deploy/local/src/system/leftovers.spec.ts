import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { leftoversIn, stopLeftovers, straysOf } from './leftovers.js';
import { identityOf, isRunning } from './process-identity.js';
import type { ProcessIdentity } from './process-identity.js';

const directory = { shown: '.retaguarda' };
const launcher = { name: 'launcher', pid: 10, startedAt: 'boot:1' };
const sales = { name: 'sales', pid: 11, startedAt: 'boot:2', port: 3001 };
const stock = { name: 'stock', pid: 12, startedAt: 'boot:3', port: 3002 };
const alive = (...pids: number[]) => {
  return ({ pid }: ProcessIdentity) => pids.includes(pid);
};

describe('what an earlier launcher left behind', () => {
  it('is its services that still run, once it is dead itself', () => {
    expect(leftoversIn({ launcher, services: [sales, stock] }, directory, alive(12))).toEqual([stock]);
  });

  it('is nothing when it has left no trace', () => {
    expect(leftoversIn(undefined, directory, alive(10, 11, 12))).toEqual([]);
  });

  it('is not for us to stop while that launcher lives', () => {
    const look = () => leftoversIn({ launcher, services: [sales] }, directory, alive(10, 11));
    expect(look).toThrow(/already running from \.retaguarda: process 10/);
  });
});

describe('a service that no footprint names', () => {
  const environments = new Map([[process.pid, 'PATH=/bin\0RETAGUARDA_HOME=/home/ana/shop\0PORT=3004']]);

  it('is known by the directory in its environment', () => {
    expect(straysOf('/home/ana/shop', [], environments).map(({ pid }) => pid)).toEqual([process.pid]);
  });

  it('is none of ours when it was started from another directory, or is recorded already', () => {
    expect(straysOf('/home/ana', [], environments)).toEqual([]);
    const known = [identityOf('invoicing', process.pid)!];
    expect(straysOf('/home/ana/shop', known, environments)).toEqual([]);
  });
});

describe('a recorded process', () => {
  it('is not the one that got its number later', () => {
    const own = identityOf('spec', process.pid) as ProcessIdentity;
    expect(isRunning(own)).toBe(true);
    expect(isRunning({ ...own, startedAt: 'another boot:1' })).toBe(false);
  });

  it('is asked to end, and a stranger with its number is left alone', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000); console.log("up")']);
    const exit = once(child, 'exit');
    await once(child.stdout, 'data');
    const identity = identityOf('sales', child.pid) as ProcessIdentity;
    await stopLeftovers([{ ...identity, startedAt: 'another boot:1' }]);
    expect(isRunning(identity)).toBe(true);
    await stopLeftovers([identity]);
    expect(await exit).toEqual([null, 'SIGTERM']);
  });
});
