import { createServer } from 'node:net';
import { choosePort, isPortFree, portNames, preferredPort } from './ports.js';

const free = (...taken: number[]) => {
  return (port: number) => Promise.resolve(!taken.includes(port));
};

describe('the ports of private servers', () => {
  it('stay the same from one start to the next', async () => {
    expect(await choosePort('amqp', 26_001, '/a', free())).toBe(26_001);
  });

  it('move on when the remembered one was taken meanwhile', async () => {
    const preferred = preferredPort('amqp', '/a');
    expect(await choosePort('amqp', 26_001, '/a', free(26_001))).toBe(preferred);
    expect(await choosePort('amqp', 26_001, '/a', free(26_001, preferred))).not.toBe(preferred);
  });

  it('differ between two copies of the system on one machine', () => {
    expect(preferredPort('amqp', '/a')).not.toBe(preferredPort('amqp', '/b'));
  });

  it('lie outside the ranges from which systems give out ports themselves', async () => {
    for (const name of portNames) {
      const port = await choosePort(name, undefined, '/a', free());
      expect(port).toBeGreaterThan(20_000);
      expect(port).toBeLessThan(32_768);
    }
  });

  it('are refused when every one is taken, with the range that was tried', async () => {
    await expect(choosePort('amqp', undefined, '/a', () => Promise.resolve(false))).rejects.toThrow(/26670 and 29670/);
  });

  it('count as taken while somebody listens', async () => {
    const listener = createServer();
    const port = await new Promise<number>((resolve) => {
      listener.listen(0, '127.0.0.1', () => resolve((listener.address() as { port: number }).port));
    });
    expect(await isPortFree(port)).toBe(false);
    await new Promise((resolve) => listener.close(resolve));
    expect(await isPortFree(port)).toBe(true);
  });
});
