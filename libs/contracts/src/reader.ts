import { quickCheckOf } from './quick-checks.js';
import { fieldsOf } from './shape.js';
import type { Field, FieldRule } from './shape.js';
import type { PartClass } from './rules.js';

/** Builds and checks instances of one class; compiled once from class-validator's metadata. */
export interface Reader {
  /** An instance with the declared fields of `data` and nothing else; nested parts are instances too. */
  build(data: object): object;
  /** True: class-validator has no objection either. False: ask class-validator. */
  accepts(instance: object): boolean;
  /** The path of a list that has more entries than its rule allows, if there is one. */
  tooLong(data: object): { field: string; maxEntries: number } | undefined;
}

type Values = Record<string, unknown>;

interface CompiledField {
  readonly field: Field;
  readonly reader: Reader | undefined;
  readonly checks: readonly ((value: unknown, whole: object) => boolean)[];
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
    checks: field.rules.map(checkOf),
  }));
  return {
    build(data) {
      const instance = new target() as Values;
      for (const compiled of fields) {
        const value = built(data, compiled);
        if (value !== undefined) instance[compiled.field.name] = value;
      }
      return instance;
    },
    accepts(instance) {
      for (const compiled of fields) {
        if (!isAccepted((instance as Values)[compiled.field.name], compiled, instance)) return false;
      }
      return true;
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

function isAccepted(value: unknown, { field, reader, checks }: CompiledField, whole: object): boolean {
  for (const counts of field.conditions) if (!counts(whole, value)) return true;
  for (const check of checks) if (!check(value, whole)) return false;
  if (!reader) return true;
  if (!Array.isArray(value)) return isRecord(value) && reader.accepts(value);
  for (const entry of value as unknown[]) if (!isRecord(entry) || !reader.accepts(entry)) return false;
  return true;
}

function checkOf({ name, isMet, each, constraints }: FieldRule): (value: unknown, whole: object) => boolean {
  const isSurelyMet = quickCheckOf(name, constraints);
  const isMetBy = (value: unknown, object: object): boolean =>
    isSurelyMet?.(value) || isMet(value, { targetName: '', property: '', object, value, constraints });
  if (!each) return isMetBy;
  return (value, whole) => {
    if (!Array.isArray(value)) return false;
    for (const entry of value as unknown[]) if (!isMetBy(entry, whole)) return false;
    return true;
  };
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

export function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
