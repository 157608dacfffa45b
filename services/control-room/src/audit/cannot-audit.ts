import type { DepartmentName } from './running-system.js';

/** A department's database that could not be read, and why, for a person. */
export interface Unread {
  readonly department: DepartmentName;
  readonly reason: string;
}

/** The audit could not be made, so it says nothing about the books. The message says why, for a person. */
export class CannotAudit extends Error {
  override readonly name = 'CannotAudit';

  constructor(
    message: string,
    readonly unread: readonly Unread[] = [],
  ) {
    super(message);
  }

  /** Because of these databases. */
  static reading(...unread: Unread[]): CannotAudit {
    const sentences = unread.map(({ department, reason }) => `The database of ${department} cannot be read: ${reason}`);
    return new CannotAudit(sentences.join('\n'), unread);
  }
}
