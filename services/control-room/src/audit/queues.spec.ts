import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GROWN_UP_MS, readQueues } from './queues.js';

const UPTIME = 90_000;

/** A management API that answers each question about queues with the next of these, and the last for ever. */
describe('the lengths of queues', () => {
  let server: Server;
  let asked: string[];
  let answers: { status?: number; uptime?: number | undefined; queues?: object[] }[];
  let waitedMs: number;
  beforeEach(async () => {
    [asked, waitedMs] = [[], 0];
    let [queues, nodes] = [0, 0];
    const next = (n: number) => answers[Math.min(n, answers.length - 1)]!;
    server = createServer(({ url, headers }, response) => {
      asked.push(`${headers.authorization} ${url}`);
      const isNodes = url!.startsWith('/api/nodes');
      const { status = 200, uptime, queues: list = [] } = next(isNodes ? nodes++ : queues++);
      response.writeHead(status).end(JSON.stringify(isNodes ? [{ uptime }] : list));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  const read = (path = '/a%20shop', upForMs = 0) => {
    const managementUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const wait = (ms: number) => Promise.resolve((waitedMs += ms));
    return readQueues({ url: `amqp://monitor:p%40ss@127.0.0.1:1${path}`, managementUrl }, { upForMs, wait });
  };

  it('are what each told last, asked with the account and in the virtual host of the address', async () => {
    answers = [{ uptime: UPTIME, queues: [{ name: 'stock.reserve-stock', messages: 3 }, { name: 'away' }] }];
    expect(await read()).toEqual({ depths: new Map([['stock.reserve-stock', 3]]).set('away', 0) });
    const account = Buffer.from('monitor:p@ss').toString('base64');
    expect(asked).toContain(
      `Basic ${account} /api/queues/a%20shop?columns=name,messages&disable_stats=true&enable_queue_totals=true`,
    );
    await read('');
    expect(asked.join()).toContain('/api/queues/%2F?');
  });

  it('are asked again while there is no answer, four times in all', async () => {
    answers = [{ status: 503 }, { status: 500 }, { uptime: UPTIME, queues: [{ name: 'a', messages: 1 }] }];
    expect(await read()).toEqual({ depths: new Map([['a', 1]]) });
    answers = [{ status: 401 }];
    asked = [];
    expect(await read()).toEqual({ depths: new Map(), problem: 'the management API answers 401' });
    expect(asked.filter((what) => what.includes('/api/queues'))).toHaveLength(4);
    expect(waitedMs).toBe((2 + 3) * 2_500);
  });

  it('are asked again when the broker is old enough to know them', async () => {
    answers = [
      { uptime: GROWN_UP_MS - 4_000, queues: [{ name: 'a', messages: 0 }] },
      { uptime: GROWN_UP_MS, queues: [{ name: 'a', messages: 8 }] },
    ];
    expect(await read('/v', GROWN_UP_MS)).toEqual({ depths: new Map([['a', 8]]) });
    expect(waitedMs).toBe(4_000);
    answers = [{ uptime: 1_000 }];
    expect((await read('/v', GROWN_UP_MS)).problem).toBe('the broker was started a moment ago');
  });

  it('are believed of a broker that is young where nobody minds', async () => {
    answers = [{ uptime: 1, queues: [{ name: 'a', messages: 2 }] }];
    expect(await read()).toEqual({ depths: new Map([['a', 2]]) });
    expect(waitedMs).toBe(0);
  });

  it('are believed of a broker that never says how old it is, after the time in which it would', async () => {
    const [empty, two] = [{ queues: [{ name: 'a', messages: 0 }] }, { queues: [{ name: 'a', messages: 2 }] }];
    answers = [{ status: 503 }, empty, two];
    expect(await read('/v', GROWN_UP_MS)).toEqual({ depths: new Map([['a', 2]]) });
    expect(waitedMs).toBe(2_500 + GROWN_UP_MS);
  });

  it('are not known without an answer, or an address', async () => {
    const nowhere = { url: 'amqp://u:p@127.0.0.1/v', managementUrl: 'http://127.0.0.1:1' };
    const { problem } = await readQueues(nowhere, { wait: () => Promise.resolve() });
    expect(problem).toBe('the management API does not answer');
    expect((await readQueues(undefined)).problem).toBe('no management API is known');
  });
});
