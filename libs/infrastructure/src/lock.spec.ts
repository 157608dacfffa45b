import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StateDirectoryInUse, takeLock } from './lock.js';

describe('the lock of a state directory', () => {
  const directory = mkdtempSync(join(tmpdir(), 'retaguarda-lock-'));
  afterAll(() => rmSync(directory, { recursive: true }));

  it('names the process that holds it', () => {
    const unlock = takeLock(directory);
    expect(() => takeLock(directory)).toThrow(StateDirectoryInUse);
    expect(() => takeLock(directory)).toThrow(`pid ${process.pid}`);
    unlock();
    expect(existsSync(join(directory, 'lock'))).toBe(false);
  });

  it.each([
    ['has died', JSON.stringify({ role: 'owner', pid: 2 ** 22 + 1, startedAt: 'x' })],
    ['has died and whose pid was given away', JSON.stringify({ role: 'owner', pid: process.pid, startedAt: 'x' })],
    ['wrote nonsense', '{'],
  ])('is taken from an owner who %s', (_, content) => {
    writeFileSync(join(directory, 'lock'), content);
    const unlock = takeLock(directory);
    expect(() => takeLock(directory)).toThrow(StateDirectoryInUse);
    unlock();
  });

  it('is not removed by an owner who lost it', () => {
    const unlock = takeLock(directory);
    writeFileSync(join(directory, 'lock'), 'somebody else');
    unlock();
    expect(existsSync(join(directory, 'lock'))).toBe(true);
    rmSync(join(directory, 'lock'));
  });
});
