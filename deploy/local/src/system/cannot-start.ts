/** A failure that a person can do something about: its message says what, and no stack trace is shown. */
export class CannotStart extends Error {
  override readonly name = 'CannotStart';
}
