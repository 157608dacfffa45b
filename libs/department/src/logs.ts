import type { LoggerService } from '@nestjs/common';
import { loggedError } from '@retaguarda/database';
import { pino, type DestinationStream, type Logger, type LoggerOptions } from 'pino';

/** Fields that may hold personal data or secrets never reach a log, whoever logs the object around them. */
const REDACTED = ['document', 'email', 'phone', 'password', 'authorization', 'cookie', 'customer', 'address'];

/** @param to where the lines go; standard output unless told */
export function openLog(department: string, level: string, to: DestinationStream = pino.destination(1)): Logger {
  const options: LoggerOptions = {
    level,
    base: { department },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: REDACTED.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]), censor: '[redacted]' },
    serializers: { err: loggedError },
  };
  return pino(options, to);
}

/** Nest's own lines in the same log. */
export function nestLog(log: Logger): LoggerService {
  const context = (rest: unknown[]) => ({ context: typeof rest.at(-1) === 'string' ? rest.at(-1) : undefined });
  return {
    log: (message: unknown, ...rest: unknown[]) => log.debug(context(rest), String(message)),
    warn: (message: unknown, ...rest: unknown[]) => log.warn(context(rest), String(message)),
    error: (message: unknown, ...rest: unknown[]) => log.error({ ...context(rest), stack: rest[0] }, String(message)),
    debug: (message: unknown, ...rest: unknown[]) => log.trace(context(rest), String(message)),
    verbose: (message: unknown, ...rest: unknown[]) => log.trace(context(rest), String(message)),
    fatal: (message: unknown, ...rest: unknown[]) => log.fatal(context(rest), String(message)),
  };
}
