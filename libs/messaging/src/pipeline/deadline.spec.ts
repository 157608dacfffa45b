import { inTime, NoAnswer } from './deadline.js';

describe('asking the outside', () => {
  it('gives the answer, or the refusal, of a door that speaks in time', async () => {
    await expect(inTime(Promise.resolve('paid'))).resolves.toBe('paid');
    await expect(inTime(Promise.reject(new Error('no such card')))).rejects.toThrow('no such card');
  });

  it('does not wait for ever for a door that stays silent', async () => {
    await expect(inTime(new Promise(() => undefined), 5)).rejects.toThrow(NoAnswer);
  });
});
