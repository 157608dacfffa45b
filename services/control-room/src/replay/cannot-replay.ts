/** Nothing was put anywhere. The message says why, for a person. */
export class CannotReplay extends Error {
  override readonly name = 'CannotReplay';
}
