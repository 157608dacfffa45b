import { eventually, testServers } from '../src/index.js';

/** One call of the broker's management API. */
export async function manage(method: string, path: string, body?: unknown): Promise<unknown> {
  const { broker } = testServers();
  const authorization = `Basic ${Buffer.from(`${broker.user}:${broker.password}`).toString('base64')}`;
  const answer = await fetch(`${broker.managementUrl}/api/${path}`, {
    method,
    headers: { authorization, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status}`);
  const text = await answer.text();
  return text === '' ? undefined : JSON.parse(text);
}

/** The policy that the pinned topology gives a department's queues, with a delivery limit that is soon reached. */
export async function limitDeliveries(vhost: string, department: string): Promise<void> {
  const definition = {
    'dead-letter-exchange': 'retaguarda.dead',
    'dead-letter-routing-key': department,
    'delivery-limit': 3,
  };
  const policy = { pattern: `^${department}\\.(?!dead$)`, 'apply-to': 'queues', priority: 10, definition };
  await manage('PUT', `policies/${encodeURIComponent(vhost)}/${department}`, policy);
}

interface Connection {
  readonly name: string;
  readonly vhost: string;
  readonly client_properties: { connection_name?: string };
}

/** Waits until the broker lists as many connections of a department as expected, by default both. */
export function connectionsOf(vhost: string, department: string, expected = 2): Promise<readonly { name: string }[]> {
  const ours = async () =>
    ((await manage('GET', 'connections')) as Connection[]).filter(
      (connection) =>
        connection.vhost === vhost && connection.client_properties.connection_name?.startsWith(department),
    );
  return eventually(ours, ({ length }) => length === expected);
}

/** Closes the connections of a department by force, once there are as many as expected. */
export async function cutConnections(vhost: string, department: string, expected?: number): Promise<void> {
  for (const { name } of await connectionsOf(vhost, department, expected))
    await manage('DELETE', `connections/${encodeURIComponent(name)}`);
}
