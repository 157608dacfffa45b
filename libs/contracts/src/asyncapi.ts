import { contracts, ownerOf } from './registry.js';
import type { Contract } from './registry.js';
import { objectSchema, partsOf } from './schema.js';
import type { JsonSchema } from './schema.js';

const refs = '#/components/schemas/';
const bindingVersion = '0.3.0';

/** The CloudEvents attributes of every message (https://github.com/cloudevents/spec, structured mode). */
const cloudEvent: JsonSchema = {
  type: 'object',
  required: ['specversion', 'id', 'source', 'type', 'data'],
  properties: {
    specversion: { type: 'string', const: '1.0' },
    id: { type: 'string', description: 'unique; also the AMQP message_id' },
    source: { type: 'string', description: 'who emitted the event' },
    type: { type: 'string', description: 'the event and its version; also the routing key' },
    time: { type: 'string', format: 'date-time' },
    subject: { type: 'string', description: 'what the event is about, such as the order id' },
    datacontenttype: { type: 'string', const: 'application/json' },
    correlationid: { type: 'string', description: 'the same for everything that follows from one event' },
    causationid: { type: 'string', description: 'the id of the event that led to this one' },
    traceparent: { type: 'string', description: 'W3C trace context' },
  },
};

/** The AsyncAPI 3.0 document of all events: where they go, what is in them, who sends them. */
export function asyncApiOf(version: string): object {
  const each = <T>(make: (contract: Contract) => T): Record<string, T> =>
    Object.fromEntries(contracts.map((contract) => [contract.type, make(contract)]));
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Retaguarda events',
      version,
      description:
        'Storefronts write to the exchange `storefront`, departments to the exchange `retaguarda`. Every message is a ' +
        'CloudEvents 1.0 event in structured mode; its routing key is its type. Unknown fields are ignored.',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    defaultContentType: 'application/cloudevents+json',
    servers: {
      rabbitmq: { host: 'localhost:5672', pathname: '/retaguarda', protocol: 'amqp', protocolVersion: '0.9.1' },
    },
    channels: each(channelOf),
    operations: Object.fromEntries(contracts.map((contract) => [operationName(contract), operationOf(contract)])),
    components: { messages: each(messageOf), schemas: schemas() },
  };
}

function channelOf(contract: Contract): object {
  const exchange = ownerOf(contract) === 'storefront' ? 'storefront' : 'retaguarda';
  return {
    address: contract.type,
    description: contract.about.summary,
    messages: { [contract.type]: { $ref: `#/components/messages/${contract.type}` } },
    bindings: {
      amqp: {
        is: 'routingKey',
        exchange: { name: exchange, type: 'topic', durable: true, autoDelete: false, vhost: 'retaguarda' },
        bindingVersion,
      },
    },
  };
}

function operationName(contract: Contract): string {
  const owner = ownerOf(contract);
  return `${owner}.emits.${contract.type.slice(owner.length + 1)}`;
}

/** Seen from Retaguarda: it receives what storefronts emit, and sends the rest. */
function operationOf(contract: Contract): object {
  const { type, about } = contract;
  const owner = ownerOf(contract);
  const delivery = { deliveryMode: 2, mandatory: about.audience !== 'anyone', bindingVersion };
  return {
    action: owner === 'storefront' ? 'receive' : 'send',
    channel: { $ref: `#/channels/${type}` },
    summary: about.summary,
    tags: [{ name: owner }],
    messages: [{ $ref: `#/channels/${type}/messages/${type}` }],
    ...(owner === 'storefront' ? {} : { bindings: { amqp: delivery } }),
  };
}

function messageOf(contract: Contract): object {
  const data = { $ref: refs + contract.name };
  return {
    name: contract.type,
    title: contract.name,
    summary: contract.about.summary,
    contentType: 'application/cloudevents+json',
    payload: {
      allOf: [{ $ref: `${refs}CloudEvent` }, { properties: { type: { const: contract.type }, data } }],
    },
    examples: [{ name: 'example', payload: eventExample(contract) }],
  };
}

function eventExample(contract: Contract): object {
  const data = contract.example as Record<string, unknown>;
  return {
    specversion: '1.0',
    id: '019c9f4e-7a10-7000-8000-000000000001',
    source: `/retaguarda/${ownerOf(contract)}`,
    type: contract.type,
    time: '2026-03-02T13:15:32.000Z',
    subject: data[contract.about.subject ?? 'orderId'],
    datacontenttype: 'application/json',
    data,
  };
}

function schemas(): Record<string, JsonSchema> {
  const classes = [...new Set(contracts.flatMap((contract) => [contract, ...partsOf(contract)]))];
  return {
    CloudEvent: cloudEvent,
    ...Object.fromEntries(classes.map((target) => [target.name, objectSchema(target, refs)])),
  };
}
