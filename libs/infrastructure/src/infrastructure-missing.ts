/** Nothing to talk to: the message says why and names the three ways out. */
export class InfrastructureMissing extends Error {
  override readonly name = 'InfrastructureMissing';

  constructor(what: string, tried: string[]) {
    super(
      [
        `No ${what} here, and none that could be started:`,
        ...tried.map((line) => `  - ${line}`),
        'Any one of these is enough:',
        '  1. set RABBITMQ_URL and POSTGRES_URL to servers that you already have;',
        '  2. start Docker, so that the services of docker-compose.yml can be used;',
        '  3. install rabbitmq-server and postgresql (Debian, Ubuntu: apt-get install rabbitmq-server postgresql;',
        '     macOS: brew install rabbitmq postgresql@16).',
      ].join('\n'),
    );
  }
}
