import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CannotStart } from './cannot-start.js';
import { ServiceProcess } from './service-process.js';

const directory = mkdtempSync(join(tmpdir(), 'service-process-'));
const started: ServiceProcess[] = [];
const untroubled = new AbortController().signal;

/** Ready at once; dies when it is asked to; drains on SIGTERM. */
const sound = `
  import { createServer } from 'node:http';
  const server = createServer((request, response) => {
    if (request.url === '/die') process.exit(3);
    response.end('{}');
  });
  server.listen(Number(process.env.PORT), '127.0.0.1');
  process.on('SIGTERM', () => process.exit(0));`;
const broken = `
  console.error('sales cannot start:\\nDATABASE_URL is not set');
  process.exit(2);`;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function serviceOf(source: string) {
  const port = await freePort();
  const program = join(directory, `${port}.mjs`);
  writeFileSync(program, source);
  const said: string[] = [];
  let wake: () => void = () => undefined;
  const tell = (text: string) => {
    said.push(text);
    wake();
  };
  const plan = { name: 'sales', port, url: `http://127.0.0.1:${port}`, program, logFile: `${program}.log` };
  const service = new ServiceProcess(
    { ...plan, env: { ...process.env, PORT: String(port) } },
    {
      onChange: () => undefined,
      onDeath: (_, how, restartInMs) => tell(`${how}, again in ${restartInMs} ms`),
      onReturn: () => tell('is back'),
    },
  );
  started.push(service);
  const until = async (text: string) => {
    while (!said.includes(text)) await new Promise<void>((resolve) => (wake = resolve));
  };
  return { service, said, until, url: plan.url };
}

describe('a service under the launcher', () => {
  afterEach(async () => {
    for (const service of started.splice(0)) {
      service.kill();
      await service.stop();
    }
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  it('that dies is started again, each time a little later, and drains in the end', async () => {
    const { service, said, until, url } = await serviceOf(sound);
    service.start();
    await service.untilReady(untroubled);
    const pids = [service.identity?.pid];
    for (const again of ['exit code 3, again in 500 ms', 'exit code 3, again in 1000 ms']) {
      said.splice(0);
      await fetch(`${url}/die`).catch(() => undefined);
      await until(again);
      await until('is back');
      pids.push(service.identity?.pid);
    }
    expect(new Set(pids).size).toBe(3);
    expect(await service.stop()).toBe('drained');
    expect(service.isUp).toBe(false);
  }, 20_000);

  it('that cannot start is not tried again: its last words are the reason', async () => {
    const { service, said } = await serviceOf(broken);
    service.start();
    const refused = service.untilReady(untroubled);
    await expect(refused).rejects.toThrow(CannotStart);
    await expect(refused).rejects.toThrow(
      /sales stopped while it was starting \(exit code 2\)[\s\S]*DATABASE_URL is not set/,
    );
    expect(said).toEqual([]);
  });

  it('is not started again while everything is being stopped', async () => {
    const { service, said } = await serviceOf(sound);
    service.start();
    await service.untilReady(untroubled);
    service.kill();
    expect(await service.stop()).toBe('drained');
    expect(said).toEqual([]);
  });
});
