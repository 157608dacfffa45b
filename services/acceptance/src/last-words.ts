import { InfrastructureMissing, StateDirectoryInUse } from '@retaguarda/infrastructure';

/** What to print of an error that ended a run: of a known one its advice, of any other its stack. */
export function lastWords(error: unknown): string {
  if (error instanceof InfrastructureMissing || error instanceof StateDirectoryInUse) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
