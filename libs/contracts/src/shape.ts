import { getMetadataStorage, ValidationTypes } from 'class-validator';
import type { ValidationArguments } from 'class-validator';
import { saidOf } from './rules.js';
import type { PartClass } from './rules.js';

/** One rule on one field, as class-validator recorded it. */
export interface FieldRule {
  readonly name: string;
  readonly constraints: unknown[];
  /** The rule holds for each entry of the list in the field. */
  readonly each: boolean;
  readonly isMet: (value: unknown, args: ValidationArguments) => boolean;
}

/** One field of a class, with everything its decorators say. */
export interface Field {
  readonly name: string;
  readonly rules: readonly FieldRule[];
  /** Conditions under which the rules count at all. */
  readonly conditions: readonly ((whole: object, value: unknown) => boolean)[];
  readonly part?: PartClass;
  readonly isList: boolean;
  /** Entries a list may have. */
  readonly maxEntries: number;
}

const fieldsByClass = new WeakMap<PartClass, readonly Field[]>();

/** The fields of a class in the order of their declaration, read from class-validator's metadata; cached. */
export function fieldsOf(target: PartClass): readonly Field[] {
  let fields = fieldsByClass.get(target);
  if (!fields) {
    const storage = getMetadataStorage();
    const metadata = storage.getTargetValidationMetadatas(target, '', false, false);
    fields = Object.entries(storage.groupByPropertyName(metadata)).map(([name, own]) => fieldOf(target, name, own));
    fieldsByClass.set(target, fields);
  }
  return fields;
}

type Metadata = ReturnType<ReturnType<typeof getMetadataStorage>['getTargetValidationMetadatas']>[number];

function fieldOf(target: PartClass, name: string, metadata: readonly Metadata[]): Field {
  const rules = metadata.filter(({ type }) => type === ValidationTypes.CUSTOM_VALIDATION).flatMap(rulesOf);
  const conditions = metadata
    .filter(({ type }) => type === ValidationTypes.CONDITIONAL_VALIDATION)
    .map(({ constraints }) => constraints[0] as Field['conditions'][number]);
  const { part } = saidOf(target, name);
  if (!part && metadata.some(({ type }) => type === ValidationTypes.NESTED_VALIDATION))
    throw new TypeError(`${target.name}.${name}: say @Part or @Parts instead of @ValidateNested and @Type.`);
  const isList = rules.some((rule) => rule.name === 'isArray');
  const maxEntries = Number(rules.find((rule) => rule.name === 'arrayMaxSize')?.constraints[0] ?? Infinity);
  return { name, rules, conditions, isList, maxEntries, ...(part ? { part } : {}) };
}

function rulesOf({ constraintCls, constraints, each }: Metadata): FieldRule[] {
  return getMetadataStorage()
    .getTargetValidatorConstraints(constraintCls)
    .map(({ name, instance }) => ({
      name: name ?? '',
      constraints: constraints ?? [],
      each,
      isMet: (value, args) => instance.validate(value, args) === true,
    }));
}
