import { fileURLToPath } from 'node:url';
import { OrderSubmitted } from '@retaguarda/contracts';
import type { Contender } from '../company/contender.js';

/**
 * (b) As Nest's documentation teaches it: Transport.RMQ, `@EventPattern`, a ValidationPipe, one TypeORM transaction a
 * message, `client.emit`, then the ack. It has no outbox and no inbox: a crash between commit and emit loses the order.
 */
export const nestRmq: Contender = {
  key: 'b',
  name: 'Nest RMQ',
  shareOfOrders: 1 / 10,
  prepare: (ground) => ground.makeTables(),
  program: (department) => ({ file: fileURLToPath(new URL('main.js', import.meta.url)), args: [department] }),
  submission: (data) => ({
    exchange: 'retaguarda',
    routingKey: OrderSubmitted.type,
    body: JSON.stringify({ pattern: OrderSubmitted.type, data }),
    contentType: 'application/json',
  }),
};
