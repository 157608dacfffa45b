import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { receiveStock } from './receive-stock.js';

const receipts = [1, 2].map((n) => ({ reference: `r-${n}`, lines: [{ sku: 'A', name: 'Item A', quantity: n }] }));

describe('Receiving goods', () => {
  let server: Server;
  let url: string;
  let received: unknown[];
  let status: number;
  beforeEach(async () => {
    [received, status] = [[], 201];
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        received.push({ url: request.url, body: JSON.parse(Buffer.concat(chunks).toString()) as unknown });
        response.writeHead(status).end('{"title":"No such location"}');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  it('posts one receipt after the other at the door of the stock department', async () => {
    await receiveStock(url, receipts);
    expect(received).toEqual(receipts.map((body) => ({ url: '/receipts', body })));
  });

  it('stops at the first refusal and tells its reason', async () => {
    status = 422;
    await expect(receiveStock(url, receipts)).rejects.toThrow('refused receipt r-1: 422 {"title":"No such location"}');
    expect(received).toHaveLength(1);
  });

  it('says what to do when the department does not answer', async () => {
    await expect(receiveStock('http://127.0.0.1:1', receipts)).rejects.toThrow(/does not answer at .*--no-stock/);
  });
});
