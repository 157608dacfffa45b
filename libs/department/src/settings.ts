/** What a department reads from its environment. */
export interface DepartmentSettings {
  /** `postgres://role:password@host:port/database`, the department's own database. */
  readonly databaseUrl: string;
  /** `amqp://user:password@host:port/vhost` */
  readonly rabbitUrl: string;
  /** The same with the user that may publish the department's events; `rabbitUrl` when it is not set. */
  readonly rabbitPublishUrl?: string | undefined;
  readonly host: string;
  readonly port: number;
  readonly logLevel: string;
  /** Messages per transaction at most. */
  readonly batchSize: number;
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];

/** Thrown with one line for each setting that is missing or wrong. */
export class WrongSettings extends Error {
  override readonly name = 'WrongSettings';
}

/** Reads `DATABASE_URL`, `RABBITMQ_URL`, `RABBITMQ_PUBLISH_URL`, `HOST`, `PORT`, `LOG_LEVEL` and `BATCH_SIZE`. Throws `WrongSettings`. */
export function readSettings(
  environment: NodeJS.ProcessEnv,
  department: string,
  defaultPort: number,
): DepartmentSettings {
  const wrong: string[] = [];
  const url = (name: string, example: string): string => {
    const value = environment[name];
    if (!value) wrong.push(`${name} is not set; for example ${name}=${example}`);
    else if (!URL.canParse(value)) wrong.push(`${name} is not a URL; for example ${example}`);
    return value ?? '';
  };
  const whole = (name: string, otherwise: number, { least, most }: { least: number; most: number }): number => {
    const text = environment[name];
    const value = text === undefined || text === '' ? otherwise : Number(text);
    if (!Number.isInteger(value) || value < least || value > most)
      wrong.push(`${name} must be a whole number from ${least} to ${most}`);
    return value;
  };
  const logLevel = environment['LOG_LEVEL'] ?? 'info';
  if (!LOG_LEVELS.includes(logLevel)) wrong.push(`LOG_LEVEL must be one of ${LOG_LEVELS.join(', ')}`);
  const settings: DepartmentSettings = {
    databaseUrl: url(
      'DATABASE_URL',
      `postgres://retaguarda_${department}:secret@127.0.0.1:5432/retaguarda_${department}`,
    ),
    rabbitUrl: url('RABBITMQ_URL', `amqp://${department}:secret@127.0.0.1:5672/retaguarda`),
    rabbitPublishUrl: environment['RABBITMQ_PUBLISH_URL']
      ? url('RABBITMQ_PUBLISH_URL', `amqp://${department}.publisher:secret@127.0.0.1:5672/retaguarda`)
      : undefined,
    host: environment['HOST'] ?? '127.0.0.1',
    port: whole('PORT', defaultPort, { least: 0, most: 65_535 }),
    logLevel,
    batchSize: whole('BATCH_SIZE', 200, { least: 1, most: 2_000 }),
  };
  if (wrong.length > 0) throw new WrongSettings(wrong.join('\n'));
  return settings;
}
