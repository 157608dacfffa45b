/** What a failed statement says about the database rather than about the message at hand. */
export type DatabaseFailure = 'unavailable' | 'conflict' | 'other';

const UNAVAILABLE_CLASSES = new Set(['08', '53', '57', '58']);
const QUERY_CANCELED = '57014';
const CONFLICTS = new Set(['40001', '40P01', '55P03']);
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
/** pg and TypeORM report a lost connection in words only; TypeORM also by the query runner that it took away. */
const LOST_CONNECTION =
  /Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect|not queryable|Driver not Connected|Cannot use a pool after|connection timeout|query runner was already released|QueryRunnerAlreadyReleased|Query runner already released/i;

/**
 * `unavailable`: no server, shutting down, out of connections or disk: wait, it says nothing about the message.
 * `conflict`: deadlock, serialization failure, lock timeout: try again at once.
 * Source: https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
export function databaseFailure(error: unknown): DatabaseFailure {
  if (!(error instanceof Error)) return 'other';
  if (error instanceof AggregateError && error.errors.some((inner) => databaseFailure(inner) === 'unavailable'))
    return 'unavailable';
  const { code } = error as { code?: unknown };
  const isSql = 'driverError' in error || 'severity' in error;
  if (typeof code === 'string' && isSql) {
    if (CONFLICTS.has(code)) return 'conflict';
    if (code.length === 5 && UNAVAILABLE_CLASSES.has(code.slice(0, 2)) && code !== QUERY_CANCELED) return 'unavailable';
  }
  if (typeof code === 'string' && SOCKET_ERRORS.has(code) && isFromDatabase(error)) return 'unavailable';
  return LOST_CONNECTION.test(error.message) ? 'unavailable' : 'other';
}

/** A handler's own HTTP call may be refused as well; only pg's socket errors are about the database. */
function isFromDatabase(error: Error): boolean {
  return 'driverError' in error || 'syscall' in error;
}
