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

export interface VhostDefinitions {
  exchanges: ExchangeDefinition[];
  policies: Policy[];
}

type InVhost<T> = T & { vhost: string };

/** The file that Docker and Kubernetes import, too: see the README beside it. Same place seen from src/ and from dist/. */
const definitionsFile = new URL('../../../deploy/rabbitmq/definitions.json', import.meta.url);

export function readDefinitions(): VhostDefinitions {
  return forAnyVhost(JSON.parse(readFileSync(definitionsFile, 'utf8')) as Parameters<typeof forAnyVhost>[0]);
}

/** The same exchanges and policies without the virtual host's name, as `POST /api/definitions/<vhost>` takes them. */
export function forAnyVhost(file: {
  exchanges: InVhost<ExchangeDefinition>[];
  policies: InVhost<Policy>[];
}): VhostDefinitions {
  const withoutVhost = <T>({ vhost: _, ...rest }: InVhost<T>) => rest as unknown as T;
  return { exchanges: file.exchanges.map(withoutVhost), policies: file.policies.map(withoutVhost) };
}
