import { EventEmitter } from 'node:events';
import { databaseFailure } from './failures.js';
import { whileConnected } from './while-connected.js';

describe('work of a transaction', () => {
  const connection = new EventEmitter();
  const listeners = () => connection.listenerCount('error') + connection.listenerCount('end');
  const never = () => new Promise(() => undefined);

  it('comes to its own result or failure, and leaves no listener behind', async () => {
    await expect(whileConnected(connection, () => Promise.resolve('done'))).resolves.toBe('done');
    await expect(whileConnected(connection, () => Promise.reject(new Error('cold')))).rejects.toThrow('cold');
    expect(listeners()).toBe(0);
  });

  it('ends with the connection while it waits for something else', async () => {
    const idle = Object.assign(new Error('terminating connection due to idle-in-transaction timeout'), {
      code: '25P03',
    });
    const failed = expect(whileConnected(connection, never)).rejects.toBe(idle);
    connection.emit('error', idle);
    await failed;
    expect(listeners()).toBe(0);
  });

  it('says that the database is away when the connection ends without a word', async () => {
    const failing = whileConnected(connection, never).catch((error: unknown) => error);
    connection.emit('end');
    expect(databaseFailure(await failing)).toBe('unavailable');
  });
});
