/**
 * Text as Postgres can keep it: without U+0000, which neither text nor jsonb takes, and without half surrogate pairs.
 * What is set aside must be storable whatever a stranger sent, or it could not be set aside.
 */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll('\u0000', '\uFFFD');
}

const DEEPEST = 32;
const LONGEST = 64_000;

/**
 * Any value as a jsonb column can keep it, as text. What lies deeper than 32 levels is left out, and of what is longer
 * than 64,000 characters only the length is kept.
 */
export function storableJson(value: unknown): string {
  const text = JSON.stringify(clean(value, 0)) ?? 'null';
  return text.length > LONGEST ? JSON.stringify({ omitted: `${text.length} characters` }) : text;
}

function clean(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return storable(value);
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Buffer.isBuffer(value)) return value.toString('base64');
  if (depth >= DEEPEST) return '[too deep]';
  if (Array.isArray(value)) return value.map((inner) => clean(inner, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [storable(name), clean(inner, depth + 1)]));
}
