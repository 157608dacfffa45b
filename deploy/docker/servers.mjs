/** The two servers of docker-compose.yml, as their administrators see them from another container. */
const { BROKER_PASSWORD, DATABASE_PASSWORD } = process.env;
if (!BROKER_PASSWORD || !DATABASE_PASSWORD) throw new Error('BROKER_PASSWORD and DATABASE_PASSWORD must be set');

export const broker = {
  url: `amqp://retaguarda:${encodeURIComponent(BROKER_PASSWORD)}@rabbitmq:5672`,
  managementUrl: 'http://rabbitmq:15672',
  user: 'retaguarda',
  password: BROKER_PASSWORD,
  vhost: 'retaguarda',
  origin: 'docker',
  pids: [],
  describe: 'RabbitMQ of docker-compose.yml',
};

export const database = {
  adminUrl: `postgres://postgres:${encodeURIComponent(DATABASE_PASSWORD)}@postgres:5432/postgres`,
  origin: 'docker',
  pids: [],
  describe: 'Postgres of docker-compose.yml',
};
