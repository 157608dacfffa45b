import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { OrderSubmitted } from '@retaguarda/contracts';
import { ensureQueues } from '@retaguarda/infrastructure';
import type { Contender, Submission } from '../company/contender.js';

/** (a) The five departments as `npm run build` left them, with all that they promise. */
export const retaguarda: Contender = {
  key: 'a',
  name: 'Retaguarda',
  shareOfOrders: 1,
  prepare: async ({ rabbitUrl }) => void (await ensureQueues(rabbitUrl)),
  program: (department) => ({
    file: fileURLToPath(new URL(`../../../../${department}/dist/main.js`, import.meta.url)),
    env: { HOST: '127.0.0.1', PORT: '0', LOG_LEVEL: 'info', FULFILLMENT_MODE: 'auto' },
  }),
  submission: cloudEventOf,
};

/** Structured mode, as a storefront sends it. */
export function cloudEventOf(order: OrderSubmitted): Submission {
  const attributes = { specversion: '1.0', id: randomUUID(), source: '/bench', type: OrderSubmitted.type };
  const event = { ...attributes, time: new Date().toISOString(), datacontenttype: 'application/json', data: order };
  const body = JSON.stringify(event);
  return { exchange: 'storefront', routingKey: OrderSubmitted.type, body, contentType: 'application/cloudevents+json' };
}
