import { saidOf } from './rules.js';
import type { Condition, PartClass } from './rules.js';
import { fieldsOf } from './shape.js';
import type { Field, FieldRule } from './shape.js';

/** As much of JSON Schema (draft 7) as contracts need. */
export interface JsonSchema {
  $schema?: string;
  $id?: string;
  $ref?: string;
  title?: string;
  description?: string;
  type?: string;
  const?: unknown;
  enum?: readonly unknown[];
  default?: unknown;
  format?: string;
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  minItems?: number;
  maxItems?: number;
  items?: JsonSchema;
  properties?: Record<string, JsonSchema>;
  required?: readonly string[];
  definitions?: Record<string, JsonSchema>;
  allOf?: readonly JsonSchema[];
  if?: JsonSchema;
  then?: JsonSchema;
  examples?: readonly unknown[];
  /** Rules beyond JSON Schema, by name; kept so that a new one is seen as a change of the contract. */
  'x-rules'?: readonly string[];
}

/** Rules that JSON Schema has no portable words for. Their wording is part of the schemas that are out. */
export const readable = 'not blank, well-formed Unicode, no U+0000';
const printable = 'printable, no blanks at the ends';

/** What each rule means as JSON Schema, by class-validator's name of it. */
const meanings: Readonly<Record<string, (constraints: readonly unknown[]) => JsonSchema>> = {
  isUuid: () => ({ type: 'string', format: 'uuid' }),
  isBoolean: () => ({ type: 'boolean' }),
  isInt: () => ({ type: 'integer' }),
  min: ([minimum]) => ({ minimum: minimum as number }),
  max: ([maximum]) => ({ maximum: maximum as number }),
  isIn: ([words]) => ({ type: 'string', enum: words as string[] }),
  isEmail: () => ({ type: 'string', format: 'email' }),
  matches: ([pattern]) => ({ type: 'string', pattern: (pattern as RegExp).source }),
  isISO4217CurrencyCode: () => ({ type: 'string', 'x-rules': ['ISO 4217 currency code'] }),
  isISO31661Alpha2: () => ({ type: 'string', 'x-rules': ['ISO 3166-1 alpha-2 country code'] }),
  text: ([max, min]) => ({ type: 'string', minLength: min as number, maxLength: max as number, 'x-rules': [readable] }),
  code: ([max]) => ({ type: 'string', minLength: 1, maxLength: max as number, 'x-rules': [printable] }),
  instant: () => ({ type: 'string', format: 'date-time' }),
  day: () => ({ type: 'string', format: 'date' }),
  isArray: () => ({ type: 'array' }),
  arrayMinSize: ([minItems]) => (minItems === 0 ? {} : { minItems: minItems as number }),
  arrayMaxSize: ([maxItems]) => ({ maxItems: maxItems as number }),
  object: () => ({}),
  discountWithinLine: () => ({ 'x-rules': ['not more than quantity × unitPrice'] }),
  exactSum: ([max]) => ({ 'x-rules': [`Σ(quantity × unitPrice) not more than ${String(max)}`] }),
  linesWithinSize: ([max]) => ({ 'x-rules': [`not more than ${String(max)} bytes as JSON`] }),
  totalOfLines: () => ({ 'x-rules': ['Σ(quantity × unitPrice − discount) + shippingFee'] }),
};

/** The JSON Schema of a class by its rules, with the schemas of its parts under `definitions`. */
export function schemaOf(target: PartClass): JsonSchema {
  const parts = partsOf(target);
  const definitions = Object.fromEntries(parts.map((part) => [part.name, objectSchema(part, '#/definitions/')]));
  return { ...objectSchema(target, '#/definitions/'), ...(parts.length > 0 ? { definitions } : {}) };
}

/** All parts of a class, at any depth, each once, in the order of their first use. */
export function partsOf(target: PartClass): PartClass[] {
  const direct = fieldsOf(target).flatMap(({ part }) => (part ? [part] : []));
  return [...new Set(direct.flatMap((part) => [part, ...partsOf(part)]))];
}

/** The schema of one class, with references to its parts below `refs`. */
export function objectSchema(target: PartClass, refs: string): JsonSchema {
  const fields = fieldsOf(target);
  const conditions = fields.flatMap(({ name }) => {
    const { requiredWhen } = saidOf(target, name);
    return requiredWhen ? [conditional(name, requiredWhen)] : [];
  });
  return {
    type: 'object',
    title: target.name,
    required: fields.filter(isRequired).map(({ name }) => name),
    properties: Object.fromEntries(fields.map((field) => [field.name, fieldSchema(target, field, refs)])),
    ...(conditions.length > 0 ? { allOf: conditions } : {}),
  };
}

export function isRequired(field: Field): boolean {
  return field.conditions.length === 0;
}

function conditional(name: string, { field, value }: Condition): JsonSchema {
  return { if: { properties: { [field]: { const: value } }, required: [field] }, then: { required: [name] } };
}

function fieldSchema(target: PartClass, { name, rules, part, isList }: Field, refs: string): JsonSchema {
  const ref = part && { $ref: refs + part.name };
  if (ref && !isList) return ref;
  const own = merged(rules.filter(({ each }) => !each));
  const items = { ...ref, ...merged(rules.filter(({ each }) => each)) };
  const { meaning } = saidOf(target, name);
  const fallback = (new target() as Record<string, unknown>)[name];
  return {
    ...(meaning ? { description: meaning } : {}),
    ...own,
    ...(isList ? { items } : {}),
    ...(fallback === undefined ? {} : { default: fallback }),
  };
}

function merged(rules: readonly FieldRule[]): JsonSchema {
  return rules.reduce<JsonSchema>((schema, { name, constraints }) => {
    const meaning = meanings[name];
    if (!meaning) throw new Error(`The rule ${name} has no meaning as JSON Schema yet: add it to ${import.meta.url}`);
    const next = meaning(constraints);
    const extra = [...(schema['x-rules'] ?? []), ...(next['x-rules'] ?? [])];
    return { ...schema, ...next, ...(extra.length > 0 ? { 'x-rules': extra } : {}) };
  }, {});
}
