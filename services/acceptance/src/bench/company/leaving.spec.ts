import { jest } from '@jest/globals';
import { Leaving } from './leaving.js';

describe('leaving the benchmark', () => {
  it('undoes everything once, last in, first out', async () => {
    const undone: string[] = [];
    const leaving = new Leaving();
    leaving.add(() => Promise.resolve(void undone.push('servers')));
    const stopLine = leaving.add(() => Promise.resolve(void undone.push('line')));
    leaving.add(() => Promise.resolve(void undone.push('till')));
    await stopLine();
    await Promise.all([leaving.leave(), leaving.leave()]);
    expect(undone).toEqual(['line', 'till', 'servers']);
  });

  it('lets nothing be started after it began', () => {
    const leaving = new Leaving();
    expect(() => leaving.throwIfLeaving()).not.toThrow();
    void leaving.leave();
    expect(() => leaving.throwIfLeaving()).toThrow('stopped');
  });

  it('goes on when one thing cannot be undone, and says why', async () => {
    const [undone, said]: [string[], unknown[]] = [[], []];
    const error = jest.spyOn(console, 'error').mockImplementation((text) => void said.push(text));
    const leaving = new Leaving();
    leaving.add(() => Promise.resolve(void undone.push('servers')));
    leaving.add(() => Promise.reject(new Error('the line hangs')));
    await leaving.leave();
    error.mockRestore();
    expect([undone, said]).toEqual([['servers'], ['the line hangs']]);
  });
});
