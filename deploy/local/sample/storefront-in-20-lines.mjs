// A storefront of one order. RABBITMQ_URL=amqp://user:password@host/retaguarda node storefront-in-20-lines.mjs
import amqp from 'amqplib';
import { randomUUID } from 'node:crypto';
const url = new URL(process.env.RABBITMQ_URL ?? 'amqp://localhost/retaguarda');
const [id, externalId] = [randomUUID(), `example-${Date.now()}`];
const connection = await amqp.connect(url.href);
const channel = await connection.createConfirmChannel();
const { queue } = await channel.assertQueue(`${url.username}.${externalId}`, { exclusive: true }); // a storefront's queues begin with its user's name
for (const end of ['completed', 'rejected', 'cancelled']) await channel.bindQueue(queue, 'retaguarda', `sales.order-${end}.v1`);
const finished = new Promise((resolve) => channel.consume(queue, (message) => {
  const event = JSON.parse(message.content);
  if (event.data.externalId === externalId) resolve(event);
}, { noAck: true }));
const data = { channel: 'example-shop', externalId, placedAt: new Date().toISOString(), currency: 'GBP',
  customer: { name: 'Sample Customer' }, delivery: { method: 'pickup' }, payment: { terms: 'prepaid', method: 'card' },
  lines: [{ sku: '85123A', name: 'WHITE HANGING HEART T-LIGHT HOLDER', quantity: 1, unitPrice: 255 }] };
const type = 'storefront.order-submitted.v1';
const event = { specversion: '1.0', id, source: '/storefronts/example-shop', type, time: data.placedAt, datacontenttype: 'application/json', data };
channel.on('return', () => { throw new Error(`Nobody receives ${type}: is the back office running?`); });
channel.publish('storefront', type, Buffer.from(JSON.stringify(event)), { contentType: 'application/cloudevents+json', messageId: id, persistent: true, mandatory: true });
await channel.waitForConfirms();
console.log(await finished);
await connection.close();
