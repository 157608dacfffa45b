import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { refuseTakenPorts } from './ports.js';

describe('a port that is taken', () => {
  const holder = createServer();
  let port = 0;

  beforeAll(async () => {
    holder.listen(0, '127.0.0.1');
    await once(holder, 'listening');
    port = (holder.address() as AddressInfo).port;
  });
  afterAll(() => void holder.close());

  it('is named with the process that holds it and with what to type instead', async () => {
    const refused = refuseTakenPorts([{ name: 'sales', port }], 'npm start');
    await expect(refused).rejects.toThrow(`Port ${port} (sales) is taken by process ${process.pid} (node`);
    await expect(refused).rejects.toThrow(/npm start -- --port-base \d+/);
  });

  it('is no obstacle once it is free', async () => {
    holder.close();
    await once(holder, 'close');
    await expect(refuseTakenPorts([{ name: 'sales', port }], 'npm start')).resolves.toBeUndefined();
  });
});
