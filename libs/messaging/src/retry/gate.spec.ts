import { jest } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { Gate, Stopping } from './gate.js';

const away = Object.assign(new Error('connect'), { code: 'ECONNREFUSED', syscall: 'connect' });
/** A database that never answers the probe. */
const silent = { query: () => new Promise(() => undefined) } as unknown as DataSource;
const back = { query: () => Promise.resolve([]) } as unknown as DataSource;

describe('the gate in front of the database', () => {
  it('runs the work again once the database is back', async () => {
    const work = jest.fn<() => Promise<string>>().mockRejectedValueOnce(away).mockResolvedValue('done');
    expect(await new Gate(back).through(work)).toBe('done');
    expect(work).toHaveBeenCalledTimes(2);
  });

  it('passes on what is not about the database', async () => {
    await expect(new Gate(back).through(() => Promise.reject(new Error('cold oven')))).rejects.toThrow('cold oven');
  });

  describe('when the department stops', () => {
    it('lets those go who wait for a database, even one that does not answer at all', async () => {
      const gate = new Gate(silent);
      const waiting = [gate.through(() => Promise.reject(away)), gate.through(() => Promise.reject(away))];
      gate.giveUpWaiting();
      for (const one of waiting) await expect(one).rejects.toThrow(Stopping);
    });

    it('does not wait for a database that goes away only then', async () => {
      const gate = new Gate(silent);
      gate.giveUpWaiting();
      await expect(gate.through(() => Promise.reject(away))).rejects.toThrow(Stopping);
      expect(gate.isOpen).toBe(true);
    });

    it('lets work finish that the database answers', async () => {
      const gate = new Gate(back);
      gate.giveUpWaiting();
      expect(await gate.through(() => Promise.resolve('committed'))).toBe('committed');
    });

    it('lets nothing through once it is closed', async () => {
      const gate = new Gate(back);
      gate.close();
      await expect(gate.through(() => Promise.resolve('late'))).rejects.toThrow(Stopping);
    });
  });
});
