import { fileURLToPath } from 'node:url';
import { ensureQueues } from '@retaguarda/infrastructure';
import type { Contender } from '../company/contender.js';
import { cloudEventOf } from '../retaguarda/retaguarda.js';

/**
 * (d) The least that the same writes can cost: raw `pg` and `amqplib`, up to 200 messages in one set-based transaction,
 * the same queues and events, inbox and outbox included. No validation, retry, sweeper, journal or reconnect: it stops at
 * the first fault.
 */
export const floor: Contender = {
  key: 'd',
  name: 'the floor',
  shareOfOrders: 1,
  prepare: async (ground) => {
    await ground.makeTables();
    await ensureQueues(ground.rabbitUrl);
  },
  program: (department) => ({ file: fileURLToPath(new URL('main.js', import.meta.url)), args: [department] }),
  submission: cloudEventOf,
};
