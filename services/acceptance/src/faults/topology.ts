import { readFileSync } from 'node:fs';

interface QueueDefinitions {
  readonly queues: readonly { readonly name: string }[];
  readonly bindings: readonly { readonly source: string; readonly destination: string; readonly routing_key: string }[];
}

export interface Topology {
  /** Every queue that a department consumes. */
  readonly queues: readonly string[];
  /** By event type, the steps that take it. */
  readonly takers: ReadonlyMap<string, readonly string[]>;
}

/** The queues of all departments, from what the process tables say (`npm run process-map`). */
export function readTopology(): Topology {
  const file = new URL('../../../../deploy/rabbitmq/queues.json', import.meta.url);
  const { queues, bindings } = JSON.parse(readFileSync(file, 'utf8')) as QueueDefinitions;
  const takers = new Map<string, string[]>();
  for (const { source, destination, routing_key: type } of bindings)
    if (source === 'storefront' || source === 'retaguarda')
      takers.set(type, [...(takers.get(type) ?? []), destination]);
  return { queues: queues.map(({ name }) => name), takers };
}
