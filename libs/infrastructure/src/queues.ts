import { connect } from 'amqplib';
import { readFileSync } from 'node:fs';

interface QueueDefinitions {
  queues: { name: string }[];
  bindings: { source: string; destination: string; routing_key: string }[];
}

/** Generated from the process tables; see the README beside it. */
const queuesFile = new URL('../../../deploy/rabbitmq/queues.json', import.meta.url);

/** Bindings of earlier releases. A queue that kept one would go on to get what its step does not take any more. */
export const formerBindings: QueueDefinitions['bindings'] = [
  { source: 'retaguarda', destination: 'billing.charge-customer', routing_key: 'billing.receivable-opened.v1' },
];

/**
 * Declares the queues of all departments, before the first of them starts: an event that two departments take would be
 * routed, and so count as sent, while only one of them is bound. May be repeated.
 * @param url the AMQP URL of a virtual host that has the exchanges (`ensureVhost`)
 * @returns how many queues there are
 */
export async function ensureQueues(url: string): Promise<number> {
  const { queues, bindings } = JSON.parse(readFileSync(queuesFile, 'utf8')) as QueueDefinitions;
  const connection = await connect(url);
  try {
    const channel = await connection.createChannel();
    for (const { name } of queues)
      await channel.assertQueue(name, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
    for (const { source, destination, routing_key: key } of formerBindings)
      await channel.unbindQueue(destination, source, key);
    for (const { source, destination, routing_key: key } of bindings) await channel.bindQueue(destination, source, key);
    return queues.length;
  } finally {
    await connection.close();
  }
}
