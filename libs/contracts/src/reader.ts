import { isRecord } from './guard.js';
import { quickReader } from './quick-reader.js';
import { fieldsOf } from './shape.js';
import type { Field } from './shape.js';
import type { PartClass } from './rules.js';

/** Builds and checks instances of one class; compiled once from class-validator's metadata. */
export interface Reader {
  /** The instance that `data` is, if class-validator has no objection either. Undefined: ask class-validator. */
  read(data: object, look: Look): object | undefined;
  /** An instance with the declared fields of `data` and nothing else; nested parts are instances too. */
  build(data: object): object;
  /** The path of a list that has more entries than its rule allows, if there is one. */
  tooLong(data: object): { field: string; maxEntries: number } | undefined;
}

/** What was seen beside the declared fields while data was read. */
export interface Look {
  /** Nothing but declared fields, at any depth. */
  isPlain: boolean;
  /** Entries of all lists. */
  entries: number;
}

type Values = Record<string, unknown>;

interface CompiledField {
  readonly field: Field;
  readonly reader: Reader | undefined;
}

const readers = new WeakMap<PartClass, Reader>();

export function readerOf(target: PartClass): Reader {
  let reader = readers.get(target);
  if (!reader) {
    reader = compile(target);
    readers.set(target, reader);
  }
  return reader;
}

function compile(target: PartClass): Reader {
  const fields = fieldsOf(target).map((field): CompiledField => ({
    field,
    reader: field.part && readerOf(field.part),
  }));
  return {
    read: quickReader(target, fields),
    build(data) {
      const instance = new target() as Values;
      for (const compiled of fields) {
        const value = built(data, compiled);
        if (value !== undefined) instance[compiled.field.name] = value;
      }
      return instance;
    },
    tooLong(data) {
      for (const compiled of fields) {
        const found = tooLongIn(data, compiled);
        if (found) return found;
      }
      return undefined;
    },
  };
}

function built(data: object, { field, reader }: CompiledField): unknown {
  if (!Object.hasOwn(data, field.name)) return undefined;
  const value = (data as Values)[field.name];
  if (value === null && field.conditions.length > 0) return undefined;
  if (!Array.isArray(value)) return reader && isRecord(value) ? reader.build(value) : value;
  if (!field.isList) return value;
  return Array.from(value, (entry: unknown) => {
    if (entry === undefined) return null;
    return reader && isRecord(entry) ? reader.build(entry) : entry;
  });
}

function tooLongIn(data: object, { field, reader }: CompiledField): ReturnType<Reader['tooLong']> {
  const value = (data as Values)[field.name];
  const { name, maxEntries, isList } = field;
  if (isList && Array.isArray(value) && value.length > maxEntries) return { field: name, maxEntries };
  if (!reader) return undefined;
  if (!isList) return isRecord(value) ? within(name, reader.tooLong(value)) : undefined;
  if (!Array.isArray(value)) return undefined;
  for (const [index, entry] of (value as unknown[]).entries()) {
    const found = isRecord(entry) ? within(`${name}[${index}]`, reader.tooLong(entry)) : undefined;
    if (found) return found;
  }
  return undefined;
}

function within(path: string, found: ReturnType<Reader['tooLong']>): ReturnType<Reader['tooLong']> {
  return found && { ...found, field: `${path}.${found.field}` };
}
