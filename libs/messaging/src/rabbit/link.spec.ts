import type { ChannelModel } from 'amqplib';
import { EventEmitter } from 'node:events';
import { Link } from './link.js';

/** A broker that lets everybody in; its connections are there to be cut. */
function broker() {
  const connections: EventEmitter[] = [];
  const connect = () => {
    const connection = new EventEmitter();
    const close = () => Promise.resolve(void connection.emit('close'));
    connections.push(connection);
    return Promise.resolve(Object.assign(connection, { close }) as unknown as ChannelModel);
  };
  return { connections, connect };
}

describe('a connection to the broker', () => {
  it('comes again when it ends while it is set up and nobody answers what was asked', async () => {
    const { connections, connect } = broker();
    const link = new Link('amqp://broker', 'sales consumes', () => undefined, connect);
    link.onUp(() => (connections.length === 1 ? new Promise(() => undefined) : Promise.resolve()));
    const open = link.open();
    while (connections.length === 0) await new Promise(setImmediate);
    await new Promise(setImmediate);
    connections[0]!.emit('close');
    await open;
    expect(connections).toHaveLength(2);
    expect(link.isUp).toBe(true);
    await link.close();
  });

  it('may be listened to by as many queues as a department has', async () => {
    const { connections, connect } = broker();
    const link = new Link('amqp://broker', 'sales consumes', () => undefined, connect);
    await link.open();
    expect(connections[0]!.getMaxListeners()).toBe(0);
    await link.close();
  });
});
