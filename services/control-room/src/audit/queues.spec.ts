import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readQueues, readQueuesWithPatience } from './queues.js';

const MINUTE_MS = 60_000;
const holding = (messages: number) => [{ name: 'a', messages }];

describe('the lengths of queues', () => {
  let server: Server;
  let asked: string[];
  /** What the management API answers, by how often it was waited; the last for ever. */
  let api: { queues: object[] | number; nodes?: object[] | number }[];
  let waits: number;
  let ending: AbortController;
  beforeEach(async () => {
    [asked, waits, ending] = [[], 0, new AbortController()];
    server = createServer(({ url, headers }, response) => {
      asked.push(`${headers.authorization} ${url}`);
      const { queues, nodes = [{ running: true, uptime: MINUTE_MS }] } = api[Math.min(waits, api.length - 1)]!;
      const answer = url!.startsWith('/api/nodes') ? nodes : queues;
      response.writeHead(typeof answer === 'number' ? answer : 200).end(JSON.stringify(answer));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  const at = (path = '/a%20shop') => ({
    url: `amqp://monitor:p%40ss@127.0.0.1:5672${path}`,
    managementUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
  });
  /** Whose patience ends with the tenth wait. */
  const patiently = () =>
    readQueuesWithPatience(at(), {
      ends: ending.signal,
      wait: () => Promise.resolve(++waits === 10 && ending.abort()),
    });

  it('are what each told last, asked with the account and in the virtual host of the address', async () => {
    api = [{ queues: [{ name: 'stock.reserve-stock', messages: 3 }, { name: 'away' }] }];
    expect(await readQueues(at())).toEqual({ depths: new Map([['stock.reserve-stock', 3]]).set('away', 0) });
    const account = Buffer.from('monitor:p@ss').toString('base64');
    const what = 'columns=name,messages&disable_stats=true&enable_queue_totals=true';
    expect(asked).toEqual([`Basic ${account} /api/queues/a%20shop?${what}`]);
    await readQueues(at(''));
    expect(asked[1]).toContain('/api/queues/%2F?');
  });

  it('are not known without an answer, a right, or an address', async () => {
    api = [{ queues: 401 }];
    expect(await readQueues(at())).toEqual({ depths: new Map(), problem: 'the management API answers 401' });
    const { managementUrl } = at();
    const silent = 'the management API does not answer';
    expect((await readQueues({ url: 'nonsense', managementUrl })).problem).toBe(silent);
    await new Promise((resolve) => server.close(resolve));
    expect((await readQueues({ url: 'amqp://u:p@127.0.0.1/v', managementUrl })).problem).toBe(silent);
    expect((await readQueues(undefined)).problem).toBe('no management API is known');
    expect((await readQueuesWithPatience(undefined)).problem).toBe('no management API is known');
  });

  it('are asked once of a broker that has been up for long', async () => {
    api = [{ queues: holding(1) }, { queues: holding(2) }];
    expect(await patiently()).toEqual({ depths: new Map([['a', 1]]) });
    api = [{ queues: holding(1), nodes: [{ running: false }, { running: true, uptime: MINUTE_MS }] }];
    expect(await patiently()).toEqual({ depths: new Map([['a', 1]]) });
    expect(waits).toBe(0);
  });

  it('are believed of a broker that does not tell us how old it is', async () => {
    api = [{ queues: holding(1), nodes: 401 }, { queues: holding(2) }];
    expect(await patiently()).toEqual({ depths: new Map([['a', 1]]) });
  });

  it('are asked again while there is no answer, or one of a broker that has just been started', async () => {
    api = [
      { queues: 503 },
      { queues: holding(0), nodes: [{ running: true }] },
      { queues: holding(0), nodes: [{ running: true, uptime: 5_000 }] },
      { queues: holding(7), nodes: [{ running: true, uptime: 29_999 }] },
      { queues: 503 },
      { queues: holding(8) },
    ];
    expect(await patiently()).toEqual({ depths: new Map([['a', 8]]) });
    expect(waits).toBe(5);
  });

  it('are the last that were heard when patience ends', async () => {
    api = [{ queues: 500 }, { queues: holding(3), nodes: [{ running: true }] }, { queues: 503 }];
    expect(await patiently()).toEqual({ depths: new Map([['a', 3]]) });
    api = [{ queues: 500 }];
    [waits, ending] = [0, new AbortController()];
    expect((await patiently()).problem).toBe('the management API answers 500');
  });
});
