import { isRecord } from './guard.js';

type Check = (value: unknown) => boolean;

const lowerCaseUuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const printableAscii = /^[!-~]+$/;
const latinText = /^[!-~\u00a1-\u02ff][ -~\u00a0-\u02ff]*$/;
const plainEmail = /^[a-z0-9]+(?:[._-][a-z0-9]+)*@(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+[a-z]{2,}$/;
const everyMonthsInstant =
  /^20\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)$/;

/**
 * For rules of class-validator's name, a check that is quick and says yes only where the rule does. Its no means nothing:
 * then the rule itself is asked. Most values of most messages are plain, and opening them was a third of a department's
 * processor time (libs/messaging/README.md).
 */
const quickChecks: Readonly<Record<string, (constraints: readonly unknown[]) => Check>> = {
  isUuid: () => (value) => typeof value === 'string' && lowerCaseUuid.test(value),
  code: ([max]) => shortText(max as number, printableAscii),
  text: ([max]) => shortText(max as number, latinText),
  instant: () => (value) => typeof value === 'string' && everyMonthsInstant.test(value),
  isEmail: () => shortText(64, plainEmail),
  matches:
    ([pattern]) =>
    (value) =>
      typeof value === 'string' && isStateless(pattern) && pattern.test(value),
  isInt: () => Number.isInteger,
  min:
    ([least]) =>
    (value) =>
      typeof value === 'number' && value >= (least as number),
  max:
    ([most]) =>
    (value) =>
      typeof value === 'number' && value <= (most as number),
  isIn:
    ([words]) =>
    (value) =>
      Array.isArray(words) && words.includes(value),
  isArray: () => Array.isArray,
  arrayMinSize:
    ([least]) =>
    (value) =>
      Array.isArray(value) && value.length >= (least as number),
  arrayMaxSize:
    ([most]) =>
    (value) =>
      Array.isArray(value) && value.length <= (most as number),
  object: () => isRecord,
};

/** Undefined where there is no quick way. */
export function quickCheckOf(rule: string, constraints: readonly unknown[]): Check | undefined {
  return Object.hasOwn(quickChecks, rule) ? quickChecks[rule]!(constraints) : undefined;
}

function shortText(max: number, pattern: RegExp): Check {
  return (value) => typeof value === 'string' && value.length <= max && pattern.test(value);
}

/** With `g` or `y` a pattern remembers where it stood, and its second answer is another than its first. */
function isStateless(pattern: unknown): pattern is RegExp {
  return pattern instanceof RegExp && !pattern.global && !pattern.sticky;
}
