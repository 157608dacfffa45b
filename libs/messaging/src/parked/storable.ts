/**
 * Text as Postgres can keep it: without U+0000, which neither text nor jsonb takes, and without half surrogate pairs.
 * What is set aside must be storable whatever a stranger sent, or it could not be set aside.
 */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll('\u0000', '\uFFFD');
}

/** Any JSON value as a jsonb column can keep it, as text. */
export function storableJson(value: unknown): string {
  return JSON.stringify(clean(value)) ?? 'null';
}

function clean(value: unknown): unknown {
  if (typeof value === 'string') return storable(value);
  if (Array.isArray(value)) return value.map(clean);
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [storable(name), clean(inner)]));
}
