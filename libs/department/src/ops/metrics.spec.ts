import { readFile } from 'node:fs/promises';
import { Registry } from 'prom-client';
import { exposeBacklog } from './backlog.js';
import { exposeParked } from './parked.metrics.js';
import { exposeQueues } from './queues.js';

const backlog = { unsent: 3, oldestUnsentSeconds: 4, deferred: 5, oldestDeferredSeconds: 6, parked: 7 };

describe('the metrics of a department', () => {
  it('ask the database once for all that waits in it', async () => {
    let queries = 0;
    const registry = new Registry();
    exposeBacklog(registry, { query: () => Promise.resolve([backlog]).finally(() => (queries += 1)) as never });
    const text = await registry.metrics();
    expect(text).toContain('retaguarda_outbox_unsent 3');
    expect(text).toContain('retaguarda_parked 7');
    expect(queries).toBe(1);
  });

  it('are still given while the database is away, without the figures that are in it', async () => {
    let isAway = false;
    const registry = new Registry();
    exposeBacklog(registry, {
      query: () => (isAway ? Promise.reject(new Error('away')) : Promise.resolve([backlog])) as never,
    });
    await registry.metrics();
    isAway = true;
    expect(await registry.metrics()).not.toMatch(/^retaguarda_/m);
    isAway = false;
    expect(await registry.metrics()).toContain('retaguarda_deferred 5');
  });

  it('say how many consume each queue, and nothing while the broker is away', async () => {
    let queues = new Map([['bakery.bake-bread', { waiting: 2, consumers: 1 }]]);
    const registry = new Registry();
    exposeQueues(registry, () => Promise.resolve(queues));
    expect(await registry.metrics()).toContain('retaguarda_queue_consumers{queue="bakery.bake-bread"} 1');
    queues = new Map();
    expect(await registry.metrics()).not.toMatch(/^retaguarda_queue/m);
  });

  it('are those that the alert rules ask for', async () => {
    const registry = new Registry();
    exposeBacklog(registry, { query: () => Promise.resolve([backlog]) as never });
    exposeQueues(registry, () => Promise.resolve(new Map()));
    exposeParked(registry, { query: () => Promise.resolve([]) as never });
    // Counted by the pipeline: libs/messaging/src/pipeline/tallies.ts.
    const known = [...(await registry.getMetricsAsJSON()).map(({ name }) => name), 'retaguarda_messages_total'];
    const rules = await readFile(new URL('../../../../deploy/prometheus/departments.rules.yml', import.meta.url), 'utf8');
    const asked = [...rules.matchAll(/\bretaguarda_\w+/g)].map(([name]) => name);
    expect(asked.length).toBeGreaterThan(6);
    expect(asked.filter((name) => !known.includes(name))).toEqual([]);
  });
});
