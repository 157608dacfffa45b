/** The audit could not be made, so it says nothing about the books. The message says why, for a person. */
export class CannotAudit extends Error {
  override readonly name = 'CannotAudit';
}
