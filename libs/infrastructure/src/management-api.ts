import type { Broker } from './servers.js';

type Reach = Pick<Broker, 'managementUrl' | 'user' | 'password'>;

export class ManagementRefused extends Error {
  override readonly name = 'ManagementRefused';

  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** One call of RabbitMQ's management API. `path` starts after `/api/`. Throws ManagementRefused for any status from 400 on. */
export async function callManagement(broker: Reach, method: string, path: string, body?: unknown): Promise<unknown> {
  const answer = await fetch(`${broker.managementUrl}/api/${path}`, {
    method,
    headers: {
      authorization: `Basic ${Buffer.from(`${broker.user}:${broker.password}`).toString('base64')}`,
      'content-type': 'application/json',
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(30_000),
  });
  const text = await answer.text();
  if (answer.status >= 400) {
    const explained = `RabbitMQ's management API refused ${method} ${path}: ${answer.status} ${text.slice(0, 300)}`;
    throw new ManagementRefused(answer.status, explained);
  }
  return text === '' ? undefined : JSON.parse(text);
}

/** The broker's version, or undefined when the API does not answer or does not know us. */
export async function askBrokerVersion(broker: Reach): Promise<string | undefined> {
  try {
    const overview = (await callManagement(broker, 'GET', 'overview')) as { rabbitmq_version?: string };
    return overview.rabbitmq_version;
  } catch {
    return undefined;
  }
}
