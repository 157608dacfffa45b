/** What every service reads from its environment. */
export interface DoorSettings {
  readonly host: string;
  readonly port: number;
  readonly logLevel: string;
}

/** What a department reads from its environment. */
export interface DepartmentSettings extends DoorSettings {
  /** `postgres://role:password@host:port/database`, the department's own database. */
  readonly databaseUrl: string;
  /** `amqp://user:password@host:port/vhost` */
  readonly rabbitUrl: string;
  /** The same with the user that may publish the department's events; `rabbitUrl` when it is not set. */
  readonly rabbitPublishUrl?: string | undefined;
  /** Messages per transaction at most. */
  readonly batchSize: number;
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];

/** Thrown with one line for each setting that is missing or wrong. */
export class WrongSettings extends Error {
  override readonly name = 'WrongSettings';
}

/** Reads settings from an environment and collects what is wrong with them; an empty variable counts as not set. */
export class SettingsReader {
  readonly wrong: string[] = [];

  constructor(private readonly environment: NodeJS.ProcessEnv) {}

  url(name: string, example: string): string {
    const value = this.environment[name];
    if (!value) this.wrong.push(`${name} is not set; for example ${name}=${example}`);
    else if (!URL.canParse(value)) this.wrong.push(`${name} is not a URL; for example ${example}`);
    return value ?? '';
  }

  whole(name: string, otherwise: number, { least, most }: { least: number; most: number }): number {
    const text = this.environment[name];
    const value = text === undefined || text === '' ? otherwise : Number(text);
    if (!Number.isInteger(value) || value < least || value > most)
      this.wrong.push(`${name} must be a whole number from ${least} to ${most}`);
    return value;
  }

  /** `HOST`, `PORT` and `LOG_LEVEL`. */
  door(defaultPort: number): DoorSettings {
    const logLevel = this.environment['LOG_LEVEL'] ?? 'info';
    if (!LOG_LEVELS.includes(logLevel)) this.wrong.push(`LOG_LEVEL must be one of ${LOG_LEVELS.join(', ')}`);
    const port = this.whole('PORT', defaultPort, { least: 0, most: 65_535 });
    return { host: this.environment['HOST'] ?? '127.0.0.1', port, logLevel };
  }

  /** Throws `WrongSettings` with all that was wrong so far. */
  refuseWrong(): void {
    if (this.wrong.length > 0) throw new WrongSettings(this.wrong.join('\n'));
  }
}

/** Reads `DATABASE_URL`, `RABBITMQ_URL`, `RABBITMQ_PUBLISH_URL`, `HOST`, `PORT`, `LOG_LEVEL` and `BATCH_SIZE`. Throws `WrongSettings`. */
export function readSettings(
  environment: NodeJS.ProcessEnv,
  department: string,
  defaultPort: number,
): DepartmentSettings {
  const read = new SettingsReader(environment);
  const settings: DepartmentSettings = {
    databaseUrl: read.url(
      'DATABASE_URL',
      `postgres://retaguarda_${department}:secret@127.0.0.1:5432/retaguarda_${department}`,
    ),
    rabbitUrl: read.url('RABBITMQ_URL', `amqp://${department}:secret@127.0.0.1:5672/retaguarda`),
    rabbitPublishUrl: environment['RABBITMQ_PUBLISH_URL']
      ? read.url('RABBITMQ_PUBLISH_URL', `amqp://${department}.publisher:secret@127.0.0.1:5672/retaguarda`)
      : undefined,
    ...read.door(defaultPort),
    batchSize: read.whole('BATCH_SIZE', 200, { least: 1, most: 2_000 }),
  };
  read.refuseWrong();
  return settings;
}
