/** Pure checks of single values. All take anything and answer without throwing. */

const unsafe = /[\u0000\p{Surrogate}]/u;
const code = /^[^\s\p{Cc}\p{Surrogate}]+(?: +[^\s\p{Cc}\p{Surrogate}]+)*$/u;
const instant =
  /^((?:19|2\d)\d\d-\d\d-\d\d)T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)$/;
const day = /^(?:19|2\d)\d\d-(\d\d)-(\d\d)$/;

/**
 * Text that a database can keep: Postgres refuses U+0000 in text and lone surrogates in jsonb
 * (https://www.postgresql.org/docs/current/datatype-json.html), and a message with one would fail at every attempt.
 */
export function isText(value: unknown, max: number): boolean {
  return typeof value === 'string' && isWithin(value, max) && /\S/.test(value) && !unsafe.test(value);
}

/** An identifier: printable, no blanks at either end. */
export function isCode(value: unknown, max: number): boolean {
  return typeof value === 'string' && isWithin(value, max) && code.test(value);
}

/** Date and time with offset (RFC 3339) on a day of the calendar; a leap second is refused, as `Date` cannot hold it. */
export function isInstant(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  const match = instant.exec(value);
  return match !== null && isDay(match[1]);
}

/** A day of the Gregorian calendar, 1900 to 2999. */
export function isDay(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  const match = day.exec(value);
  if (!match) return false;
  const [month, date] = [Number(match[1]), Number(match[2])];
  if (month < 1 || month > 12 || date < 1) return false;
  return date <= 28 || new Date(Date.UTC(Number(value.slice(0, 4)), month - 1, date)).getUTCDate() === date;
}

/** Characters are code points, as JSON Schema counts them. */
function isWithin(value: string, max: number): boolean {
  if (value.length <= max) return true;
  return value.length <= 2 * max && [...value].length <= max;
}
