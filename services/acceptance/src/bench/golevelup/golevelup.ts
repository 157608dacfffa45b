import { fileURLToPath } from 'node:url';
import type { Contender } from '../company/contender.js';
import { cloudEventOf } from '../retaguarda/retaguarda.js';

/** (c) The same as (b) with `@golevelup/nestjs-rabbitmq`: `@RabbitSubscribe`, a queue for each subscriber. */
export const golevelup: Contender = {
  key: 'c',
  name: '@golevelup',
  shareOfOrders: 1 / 10,
  prepare: (ground) => ground.makeTables(),
  program: (department) => ({ file: fileURLToPath(new URL('main.js', import.meta.url)), args: [department] }),
  submission: (order) => ({ ...cloudEventOf(order), exchange: 'retaguarda' }),
};
