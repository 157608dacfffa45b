import { brokerAddress } from './environment.js';

describe('RABBITMQ_URL', () => {
  it('is taken apart into server, user and virtual host', () => {
    expect(brokerAddress('amqp://ana:s%2Fecret@mq.example:5673/loja%2F1?heartbeat=10')).toEqual({
      url: 'amqp://ana:s%2Fecret@mq.example:5673',
      user: 'ana',
      password: 's/ecret',
      vhost: 'loja/1',
      host: 'mq.example',
      port: 5673,
    });
  });

  it('means guest, the default port and the default virtual host where it is silent', () => {
    const { url, vhost } = brokerAddress('amqp://localhost');
    expect([url, vhost]).toEqual(['amqp://guest:guest@localhost:5672', '/']);
    expect(brokerAddress('amqps://mq.example').port).toBe(5671);
  });

  it('is refused with an example when it is no AMQP URL', () => {
    expect(() => brokerAddress('localhost:5672')).toThrow('amqp://user:password@host:port');
  });
});
