import { connect } from 'amqplib';
import { readDefinitions } from './definitions.js';
import { callManagement, ManagementRefused } from './management-api.js';
import type { Broker, Report } from './servers.js';

/**
 * Makes the virtual host with its exchanges and policies (deploy/rabbitmq/definitions.json) and gives the AMQP URL that
 * ends in its name. May be repeated. Without the management API, or without the right to make virtual hosts, the virtual
 * host must exist: the exchanges are then declared over AMQP and the policies that nobody applied are reported.
 */
export async function ensureVhost(broker: Broker, vhost: string, report: Report = console.warn): Promise<string> {
  const url = `${broker.url}/${encodeURIComponent(vhost)}`;
  if (broker.managementUrl === undefined) {
    await declareOverAmqp(url, vhost, report);
    return url;
  }
  try {
    await defineOverHttp(broker, vhost);
  } catch (error) {
    if (!(error instanceof ManagementRefused) || ![401, 403].includes(error.status)) throw error;
    await declareOverAmqp(url, vhost, report);
  }
  return url;
}

/** Removes it with all its queues; that it is not there is fine. Needs the management API. */
export async function dropVhost(broker: Broker, vhost: string): Promise<void> {
  if (broker.managementUrl === undefined) {
    throw new Error(`virtual host ${vhost} cannot be removed: this broker's management API is not known`);
  }
  await callManagement(broker, 'DELETE', `vhosts/${encodeURIComponent(vhost)}`).catch((error: unknown) => {
    if (!(error instanceof ManagementRefused) || error.status !== 404) throw error;
  });
}

async function defineOverHttp(broker: Broker, vhost: string): Promise<void> {
  const name = encodeURIComponent(vhost);
  const everything = { configure: '.*', write: '.*', read: '.*' };
  await callManagement(broker, 'PUT', `vhosts/${name}`, {});
  await callManagement(broker, 'PUT', `permissions/${name}/${encodeURIComponent(broker.user)}`, everything);
  await callManagement(broker, 'POST', `definitions/${name}`, readDefinitions());
}

async function declareOverAmqp(url: string, vhost: string, report: Report): Promise<void> {
  const { exchanges, queues, bindings, policies } = readDefinitions();
  const connection = await connect(url).catch((error: Error) => {
    throw new Error(
      `virtual host ${vhost} cannot be used (${error.message}) and not be made without the management API: ` +
        `set RABBITMQ_MANAGEMENT_URL, or run rabbitmqctl add_vhost ${vhost}`,
      { cause: error },
    );
  });
  try {
    const channel = await connection.createChannel();
    for (const { name, type, durable } of exchanges) await channel.assertExchange(name, type, { durable });
    for (const { name, durable, arguments: its } of queues)
      await channel.assertQueue(name, { durable, arguments: its });
    for (const { source, destination, routing_key: key } of bindings) await channel.bindQueue(destination, source, key);
  } finally {
    await connection.close();
  }
  const names = policies.map(({ name }) => name).join(', ');
  report(
    `RabbitMQ: no management API for ${vhost}, so these policies were not applied: ${names} (see deploy/rabbitmq)`,
  );
}
