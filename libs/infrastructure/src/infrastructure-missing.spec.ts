import { InfrastructureMissing } from './infrastructure-missing.js';

describe('when nothing is to be had', () => {
  it('the message names the three ways out', () => {
    const { message } = new InfrastructureMissing('RabbitMQ', ['RABBITMQ_URL is not set']);
    expect(message).toContain('RABBITMQ_URL and POSTGRES_URL');
    expect(message).toContain('Docker');
    expect(message).toContain('install rabbitmq-server and postgresql');
  });
});
