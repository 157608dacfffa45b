import { readFileSync } from 'node:fs';

export interface Policy {
  name: string;
  pattern: string;
  'apply-to': 'queues' | 'exchanges';
  priority: number;
  definition: Record<string, string | number>;
}

export interface ExchangeDefinition {
  name: string;
  type: 'topic' | 'direct' | 'fanout';
  durable: boolean;
  auto_delete: boolean;
  internal: boolean;
  arguments: Record<string, never>;
}

export interface QueueDefinition {
  name: string;
  durable: boolean;
  auto_delete: boolean;
  arguments: Record<string, string>;
}

export interface BindingDefinition {
  source: string;
  destination: string;
  destination_type: 'queue';
  routing_key: string;
  arguments: Record<string, never>;
}

/** The queues are those that no process table names: the journal. */
export interface VhostDefinitions {
  exchanges: ExchangeDefinition[];
  queues: QueueDefinition[];
  bindings: BindingDefinition[];
  policies: Policy[];
}

type InVhost<T> = T & { vhost: string };

/** The file that Docker and Kubernetes import, too: see the README beside it. Same place seen from src/ and from dist/. */
const definitionsFile = new URL('../../../deploy/rabbitmq/definitions.json', import.meta.url);

export function readDefinitions(): VhostDefinitions {
  return forAnyVhost(JSON.parse(readFileSync(definitionsFile, 'utf8')) as Parameters<typeof forAnyVhost>[0]);
}

/** The same without the virtual host's name, as `POST /api/definitions/<vhost>` takes it. */
export function forAnyVhost(file: { [Kind in keyof VhostDefinitions]: InVhost<VhostDefinitions[Kind][number]>[] }) {
  const withoutVhost = <T>({ vhost: _, ...rest }: InVhost<T>) => rest as unknown as T;
  return {
    exchanges: file.exchanges.map(withoutVhost<ExchangeDefinition>),
    queues: file.queues.map(withoutVhost<QueueDefinition>),
    bindings: file.bindings.map(withoutVhost<BindingDefinition>),
    policies: file.policies.map(withoutVhost<Policy>),
  };
}
