import { Controller, Get, Module, Param } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { EventEmitter, once } from 'node:events';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { openDoor } from './door.js';

const waiting = new Map<string, () => void>();
const begun = new EventEmitter();
const registry = new Registry();

@Controller()
class Kitchen {
  @Get('bake/:name')
  bake(@Param('name') name: string) {
    const done = new Promise((resolve) => waiting.set(name, () => resolve({ name })));
    begun.emit(name);
    return done;
  }

  @Get(['health/live', 'metrics'])
  live() {
    return { status: 'live' };
  }
}

@Module({ controllers: [Kitchen], providers: [{ provide: Registry, useValue: registry }] })
class KitchenModule {}

describe('a crowd at the door', () => {
  let app: NestFastifyApplication;
  const said: string[] = [];
  const log = Object.assign(pino({ level: 'silent' }), {
    warn: (_: unknown, what: string) => said.push(what),
    info: (_: unknown, what: string) => said.push(what),
  });

  beforeAll(async () => {
    app = await openDoor(KitchenModule, { name: 'kitchen', log, mostAtWork: 2, docsPage: false });
    await app.listen(0, '127.0.0.1');
  });
  afterAll(() => app.close());

  const ask = async (path: string, init: RequestInit = {}) => fetch((await app.getUrl()) + path, init);

  it('is turned away with 503 and retry-after, said once, until enough of the work is done', async () => {
    const areAtWork = Promise.all(['one', 'two'].map((name) => once(begun, name)));
    const one = ask('/bake/one');
    const impatient = new AbortController();
    const two = ask('/bake/two', { signal: impatient.signal });
    await areAtWork;
    impatient.abort();
    await expect(two).rejects.toThrow('aborted');
    for (const url of ['/bake/three', '/bake/four']) {
      const refused = await ask(url);
      expect([refused.status, refused.headers.get('retry-after'), await refused.json()]).toMatchObject([
        503,
        '5',
        { title: 'Service Unavailable', detail: expect.stringContaining('try again') },
      ]);
    }
    for (const path of ['/health/live', '/metrics?full']) expect((await ask(path)).status).toBe(200);
    expect(await registry.metrics()).toContain('retaguarda_requests_turned_away_total 2');
    expect(said).toEqual(['too many requests: turning some away']);

    waiting.get('one')!();
    expect(await (await one).json()).toEqual({ name: 'one' });
    const isAtWork = once(begun, 'next');
    const next = ask('/bake/next');
    await isAtWork;
    for (const name of ['two', 'next']) waiting.get(name)!();
    expect((await next).status).toBe(200);
    expect(said).toEqual(['too many requests: turning some away', 'the crowd is over']);
  });
});
