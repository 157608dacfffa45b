import { TypeORMError } from 'typeorm';

/** What a failed statement says about the database rather than about the message at hand. */
export type DatabaseFailure = 'unavailable' | 'conflict' | 'locked' | 'other';

const UNAVAILABLE_CLASSES = new Set(['08', '53', '57', '58']);
/** A standby, or a primary that was just made one, refuses to write: it says nothing about the message. */
const READ_ONLY = '25006';
/** Of the classes above, but the statement's own fault: cancelled, or with more parameters than the protocol carries. */
const STATEMENTS_FAULT = new Set(['57014', '08P01']);
const CONFLICTS = new Set(['40001', '40P01']);
const LOCKED = '55P03';
/** Prepared statements that are gone, or another's: a pooler does not carry them along. */
const STATEMENTS_OF_OTHERS = new Set(['26000', '42P05']);
/** Where Postgres says that a migration changed what a prepared statement answers. Its words may be of any language. */
const REVALIDATION = { code: '0A000', routine: 'RevalidateCachedQuery' };
const SOCKET_ERRORS = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENETUNREACH',
]);
/** pg reports a lost connection in words only, as a plain Error: these are all of its sentences, word for word. */
const PG_LOST_CONNECTION = new Set([
  'Connection terminated',
  'Connection terminated unexpectedly',
  'Connection terminated due to connection timeout',
  'Client has encountered a connection error and is not queryable',
  'Client was closed and is not queryable',
  'Cannot use a pool after calling end on the pool',
  'timeout exceeded when trying to connect',
  'timeout expired',
  'Query read timeout',
]);
/** TypeORM's words, also for the query runner that it took away together with the connection. */
const TYPEORM_LOST_CONNECTION = /Driver not Connected|is not established|query runner.* already released/i;

/** Whether what a connection has prepared is of no use any more. On a new connection the statement is well. */
export function isOutdated(error: Error): boolean {
  const { code, routine } = error as { code?: unknown; routine?: unknown };
  if (code === REVALIDATION.code && routine === REVALIDATION.routine) return true;
  return typeof code === 'string' && STATEMENTS_OF_OTHERS.has(code);
}

/**
 * `unavailable`: no server, shutting down, read-only, out of connections or disk: wait, it says nothing about the message.
 * `conflict`: deadlock, serialization failure, an outdated connection: try again at once.
 * `locked`: somebody else holds it for longer than a lock is waited for: try again later.
 * Source: https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
export function databaseFailure(error: unknown): DatabaseFailure {
  if (!(error instanceof Error)) return 'other';
  if (error instanceof AggregateError && error.errors.some((inner) => databaseFailure(inner) === 'unavailable'))
    return 'unavailable';
  const { code, driverError } = error as { code?: unknown; driverError?: unknown };
  if (driverError instanceof Error) return databaseFailure(driverError);
  if (typeof code === 'string' && 'severity' in error) return isOutdated(error) ? 'conflict' : ofSqlState(code);
  if (typeof code === 'string' && SOCKET_ERRORS.has(code) && 'syscall' in error) return 'unavailable';
  return isLostConnection(error) ? 'unavailable' : 'other';
}

function ofSqlState(code: string): DatabaseFailure {
  if (CONFLICTS.has(code)) return 'conflict';
  if (code === LOCKED) return 'locked';
  if (code === READ_ONLY) return 'unavailable';
  return UNAVAILABLE_CLASSES.has(code.slice(0, 2)) && !STATEMENTS_FAULT.has(code) ? 'unavailable' : 'other';
}

/** A handler's own door may time out in much the same words; only pg and TypeORM speak of the database. */
function isLostConnection(error: Error): boolean {
  if (error instanceof TypeORMError) return TYPEORM_LOST_CONNECTION.test(error.message);
  return PG_LOST_CONNECTION.has(error.message);
}
