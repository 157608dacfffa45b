const DATA_EXCEPTION = '22';

/**
 * An error in one line that may be logged and listed. Postgres repeats the values of a row in `detail` and, for SQLSTATE
 * class 22, in the message; TypeORM repeats what was looked for. None of that is passed on: it may be personal data.
 */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${messageOf(error)}` : String(error);
}

/** What the log keeps of an error. `stack` is where it happened, without the message. */
export interface LoggedError {
  readonly type: string;
  readonly message: string;
  readonly code?: string;
  readonly constraint?: string;
  readonly stack?: string;
}

export function loggedError(error: unknown): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error, message: 'something was thrown that is no Error' };
  const { code, constraint } = error as { code?: unknown; constraint?: unknown };
  const frames = error.stack?.split('\n').filter((line) => /^\s+at /.test(line));
  return {
    type: error.name,
    message: messageOf(error),
    ...(typeof code === 'string' ? { code } : {}),
    ...(typeof constraint === 'string' ? { constraint } : {}),
    ...(frames ? { stack: frames.join('\n') } : {}),
  };
}

function messageOf(error: Error): string {
  const { code } = error as { code?: unknown };
  const isSql = 'driverError' in error || 'severity' in error;
  if (isSql && typeof code === 'string' && code.startsWith(DATA_EXCEPTION))
    return `a value does not fit (SQLSTATE ${code})`;
  if (error.name === 'EntityNotFoundError') return 'a row that should be there is not';
  return error.message;
}
