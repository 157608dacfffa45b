import { readSettings } from './settings.js';

const environment = {
  DATABASE_URL: 'postgres://bakery:secret@127.0.0.1:5432/bakery',
  RABBITMQ_URL: 'amqp://bakery:secret@127.0.0.1:5672/retaguarda',
};

describe('the settings of a department', () => {
  it('are the environment and sensible defaults', () => {
    expect(readSettings({ ...environment, PORT: '0' }, 'bakery', 3000)).toMatchObject({ port: 0, batchSize: 200 });
  });

  it('publish by the user that has the queues, unless another is named', () => {
    expect(readSettings(environment, 'bakery', 3000).rabbitPublishUrl).toBeUndefined();
    const publisher = { RABBITMQ_PUBLISH_URL: 'amqp://bakery.publisher:secret@127.0.0.1:5672/retaguarda' };
    expect(readSettings({ ...environment, ...publisher }, 'bakery', 3000)).toMatchObject({
      rabbitPublishUrl: publisher.RABBITMQ_PUBLISH_URL,
    });
  });

  it.each([
    ['RABBITMQ_PUBLISH_URL', 'bakery', 'is not a URL'],
    ['BATCH_SIZE', '0', 'a whole number from 1 to 2000'],
    ['BATCH_SIZE', '1.5', 'a whole number from 1 to 2000'],
    ['PORT', '65536', 'a whole number from 0 to 65535'],
    ['LOG_LEVEL', 'loud', 'one of'],
    ['DATABASE_URL', '', 'is not set'],
  ])('name %s when it is "%s"', (name, value, problem) => {
    expect(() => readSettings({ ...environment, [name]: value }, 'bakery', 3000)).toThrow(
      expect.objectContaining({ message: expect.stringMatching(new RegExp(`^${name} .*${problem}`)) }),
    );
  });
});
