/** Fragments of SQL that the facts of several departments share. */

/** A `timestamptz` as milliseconds since 1970; null stays null. */
export function ms(column: string, name: string): string {
  return `(extract(epoch from ${column}) * 1000)::float8 as "${name}"`;
}

/**
 * What goods, and how many, as one number that does not depend on order or on how a quantity is split over lines: the
 * sum of quantity × 64-bit hash of the item code. Equal goods give equal text on every server ('0' is nothing): hash
 * partitions rely on the same function, so no version of Postgres can change it. Other goods give another number, as good
 * as certainly.
 */
export function goodsIn(sku: string, quantity: string): string {
  return `coalesce(sum(${quantity}::numeric * hashtextextended(${sku}, 0)), 0)::text`;
}

/** A condition on the order id, or none; the ids are the only parameter of the query. */
export function among(column: string, only: readonly string[] | undefined): string {
  return only ? `where ${column} = any($1::uuid[])` : '';
}

export function parametersOf(only: readonly string[] | undefined): unknown[] {
  return only ? [only] : [];
}
