import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsISO31661Alpha2,
  IsISO4217CurrencyCode,
  IsOptional,
  IsUUID,
  Matches,
  Max,
  Min,
  ValidateBy,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { Type } from 'class-transformer';
import 'reflect-metadata';
import { isRecord } from './guard.js';
import { isCode, isDay, isInstant, isText } from './values.js';

/** The largest single price, discount or fee, in minor units. */
export const maxAmount = 1_000_000_000_000;
/** The largest sum of an order's lines, in minor units; with the fees on top every sum stays an exact integer. */
export const maxSum = 1_000_000_000_000_000;
export const maxQuantity = 1_000_000;
export const maxLines = 1_000;

type Rule = PropertyDecorator;

function all(...rules: readonly PropertyDecorator[]): Rule {
  return (target, property) => rules.forEach((rule) => rule(target, property));
}

export interface TextOptions {
  /** The field is a list and each entry is such a text. */
  readonly each?: boolean;
  /** The empty text is allowed. */
  readonly orEmpty?: boolean;
}

/** Text of 1 to `max` characters for people to read: not blank, well-formed Unicode, without U+0000. */
export function Text(max: number, { each = false, orEmpty = false }: TextOptions = {}): Rule {
  const validator = {
    validate: (value: unknown) => (orEmpty && value === '') || isText(value, max),
    defaultMessage: () => `must be text of at most ${max} characters, not blank, without U+0000`,
  };
  return ValidateBy({ name: 'text', constraints: [max, orEmpty ? 0 : 1], validator }, { each });
}

/** An identifier of 1 to `max` characters: no control characters, no blanks around it. */
export function Code(max: number): Rule {
  const validator = {
    validate: (value: unknown) => isCode(value, max),
    defaultMessage: () => `must be 1 to ${max} printable characters without blanks around them`,
  };
  return ValidateBy({ name: 'code', constraints: [max], validator });
}

/** A UUID; our own are UUIDv7. */
export const Id = (): Rule => IsUUID('all', { message: 'must be a UUID' });

/** A list of 1 to `max` UUIDs. */
export function Ids(max: number): Rule {
  return all(
    IsArray({ message: 'must be a list' }),
    ArrayMinSize(1, { message: 'must have at least 1 entry' }),
    ArrayMaxSize(max, { message: `must not have more than ${max} entries` }),
    IsUUID('all', { each: true, message: 'must be a list of UUIDs' }),
  );
}

/** An object of whatever fields; its own contract says which. */
export const AnyObject = (): Rule => IsPlainObject();

/** True or false. */
export const Flag = (): Rule => IsBoolean({ message: 'must be true or false' });

/** One of a fixed set of words. */
export const OneOf = (words: readonly string[]): Rule => IsIn(words, { message: `must be one of ${words.join(', ')}` });

/** A point in time, ISO 8601 with seconds and offset (the profile of RFC 3339): `2026-03-02T10:15:30-03:00`. */
export function Instant(): Rule {
  const validator = {
    validate: isInstant,
    defaultMessage: () => 'must be a date and time with offset (ISO 8601), such as 2026-03-02T10:15:30-03:00',
  };
  return ValidateBy({ name: 'instant', validator });
}

/** A calendar day, ISO 8601: `2026-03-02`. */
export function Day(): Rule {
  const validator = { validate: isDay, defaultMessage: () => 'must be a day (ISO 8601), such as 2026-03-02' };
  return ValidateBy({ name: 'day', validator });
}

/** The name of a sales channel: small letters, digits and hyphens. */
export function Channel(): Rule {
  return Matches(/^[a-z0-9][a-z0-9-]{0,59}$/, { message: 'must be 1 to 60 small letters, digits and hyphens' });
}

/** A whole number from `min` to `max`. */
export function Whole(min: number, max: number): Rule {
  return all(
    IsInt({ message: 'must be a whole number' }),
    Min(min, { message: `must not be less than ${min}` }),
    Max(max, { message: `must not be more than ${max}` }),
  );
}

/** A price, discount or fee in minor units. */
export const Amount = (): Rule => Whole(0, maxAmount);

/** A sum of amounts in minor units. */
export const Total = (): Rule => Whole(0, maxSum + maxAmount);

/** A number of pieces of one line. */
export const Quantity = (): Rule => Whole(1, maxQuantity);

/** A number of pieces summed over the lines of an order. */
export const QuantityOfOrder = (): Rule => Whole(1, maxQuantity * maxLines);

/** ISO 4217, in capitals. */
export function Currency(): Rule {
  const message = 'must be an ISO 4217 currency code in capitals, such as BRL';
  return all(IsISO4217CurrencyCode({ message }), Matches(/^[A-Z]{3}$/, { message }));
}

/** ISO 3166-1 alpha-2, in capitals. */
export function Country(): Rule {
  const message = 'must be an ISO 3166-1 alpha-2 country code in capitals, such as BR';
  return all(IsISO31661Alpha2({ message }), Matches(/^[A-Z]{2}$/, { message }));
}

/** May be left out. `null` counts as left out, and a field with a default then has its default. */
export const Optional = (): Rule => IsOptional();

const partKey = Symbol.for('retaguarda.contracts.part');
const requiredWhenKey = Symbol.for('retaguarda.contracts.required-when');
const meaningKey = Symbol.for('retaguarda.contracts.meaning');

export type PartClass = new () => object;

/** An object of the fields that `part` declares. */
export function Part(part: () => PartClass): Rule {
  return all(
    Reflect.metadata(partKey, part),
    IsPlainObject(),
    ValidateNested({ message: 'must be an object' }),
    Type(part),
  );
}

/** A list of `min` to `max` objects of the fields that `part` declares. */
export function Parts(part: () => PartClass, { min = 0, max = maxLines } = {}): Rule {
  return all(
    Reflect.metadata(partKey, part),
    IsArray({ message: 'must be a list' }),
    ArrayMinSize(min, { message: `must have at least ${min} entries` }),
    ArrayMaxSize(max, { message: `must not have more than ${max} entries` }),
    IsPlainObject({ each: true }),
    ValidateNested({ each: true, message: 'must be an object' }),
    Type(part),
  );
}

/** A list of 1 to 50 texts for people to read. */
export function Reasons(): Rule {
  return all(
    IsArray({ message: 'must be a list' }),
    ArrayMinSize(1, { message: 'must have at least 1 entry' }),
    ArrayMaxSize(50, { message: 'must not have more than 50 entries' }),
    Text(500, { each: true }),
  );
}

export interface Condition {
  readonly field: string;
  readonly value: string;
}

/** Must be there when the field beside it has this value; may be left out otherwise. */
export function RequiredWhen(field: string, value: string): Rule {
  return all(
    Reflect.metadata(requiredWhenKey, { field, value } satisfies Condition),
    ValidateIf((whole: Record<string, unknown>, own) => whole[field] === value || (own !== undefined && own !== null)),
  );
}

/** What the field means, for the catalogue: where the name and the rule do not say it. */
export const Means = (meaning: string): Rule => Reflect.metadata(meaningKey, meaning);

/** What the rules of one field say beyond class-validator's own metadata. */
export function saidOf(target: PartClass, property: string) {
  const read = (key: symbol): unknown => Reflect.getMetadata(key, target.prototype as object, property);
  return {
    part: (read(partKey) as (() => PartClass) | undefined)?.(),
    requiredWhen: read(requiredWhenKey) as Condition | undefined,
    meaning: read(meaningKey) as string | undefined,
  };
}

/** class-validator's nesting alone lets an empty list pass for an object. */
function IsPlainObject({ each = false } = {}): Rule {
  const validator = {
    validate: isRecord,
    defaultMessage: () => (each ? 'must be a list of objects' : 'must be an object'),
  };
  return ValidateBy({ name: 'object', validator }, { each });
}
