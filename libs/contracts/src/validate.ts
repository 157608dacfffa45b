import { validateSync } from 'class-validator';
import type { ValidationError } from 'class-validator';
import { dangersIn, isRecord } from './guard.js';
import { readerOf } from './reader.js';
import type { Reader } from './reader.js';

/** Why data is refused. Never holds a value of the data, which may be personal. */
export interface Reason {
  /** The path of the field, such as `lines[2].quantity`; empty for the data as a whole. */
  readonly field: string;
  readonly problem: string;
}

export type Verdict<E> = { readonly event: E } | { readonly reasons: readonly Reason[] };

const maxReasons = 50;
/** Entries of lists that need no guard: the widest has 7 values, so they stay far below its bound. */
const plainEntries = 2_000;

/**
 * Reads data from outside as an instance of a class with class-validator rules. Unknown fields are left out, `null` in
 * an optional field counts as left out, defaults are filled in, nested parts are instances too. Takes any data and never
 * throws for it. At most 50 reasons, one for a field.
 */
export function validate<E extends object>(target: new () => E, data: unknown): Verdict<E> {
  const reader = readerOf(target);
  try {
    return read(reader, data) as Verdict<E>;
  } catch {
    return refused([{ field: '', problem: 'cannot be read' }]);
  }
}

function read(reader: Reader, data: unknown): Verdict<object> {
  if (!isRecord(data)) return refused([{ field: '', problem: 'must be an object' }]);
  const look = { isPlain: true, entries: 0 };
  const plain = reader.read(data, look);
  if (plain && look.isPlain && look.entries <= plainEntries) return { event: plain };

  const dangers = dangersIn(data);
  if (dangers.length > 0) return refused(dangers);
  if (plain) return { event: plain };

  const event = reader.build(data);
  const excess = reader.tooLong(event);
  if (excess)
    return refused([{ field: excess.field, problem: `must not have more than ${excess.maxEntries} entries` }]);
  const errors = validateSync(event, { stopAtFirstError: true });
  return errors.length === 0 ? { event } : refused(reasonsOf(errors, ''));
}

function refused(reasons: readonly Reason[]): { reasons: readonly Reason[] } {
  return { reasons: reasons.slice(0, maxReasons) };
}

function reasonsOf(errors: readonly ValidationError[], parent: string): Reason[] {
  return errors.flatMap((error) => {
    const field = pathOf(error, parent);
    const [problem] = Object.values(error.constraints ?? {});
    if (problem === undefined) return reasonsOf(error.children ?? [], field);
    return [{ field, problem: error.value === undefined || error.value === null ? 'is missing' : problem }];
  });
}

function pathOf({ property, target }: ValidationError, parent: string): string {
  if (Array.isArray(target)) return `${parent}[${property}]`;
  return parent === '' ? property : `${parent}.${property}`;
}
