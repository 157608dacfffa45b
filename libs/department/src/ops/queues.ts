import { Gauge, type Registry } from 'prom-client';
import type { QueueDepth } from './describe-process.js';

/** The department's queues as the broker sees them, read when Prometheus asks; absent while the broker is away. */
export function exposeQueues(registry: Registry, depths: () => Promise<ReadonlyMap<string, QueueDepth>>): void {
  const gauge = (name: string, help: string, pick: (depth: QueueDepth) => number) =>
    new Gauge({
      name,
      help,
      labelNames: ['queue'],
      registers: [registry],
      async collect() {
        const known = await depths();
        this.reset();
        for (const [queue, depth] of known) this.set({ queue }, pick(depth));
      },
    });
  gauge('retaguarda_queue_consumers', 'Consumers attached to the queue, of all instances', (d) => d.consumers);
  gauge('retaguarda_queue_waiting', 'Messages ready in the queue', ({ waiting }) => waiting);
}
