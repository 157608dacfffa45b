import type { PackedLine } from '@retaguarda/contracts';

/** Says where parcels do not add up to exactly these goods, SKU by SKU; empty when they do. */
export function differences(goods: readonly PackedLine[], contents: readonly (readonly PackedLine[])[]): string[] {
  const left = new Map(goods.map(({ sku, quantity }) => [sku, quantity]));
  for (const { sku, quantity } of contents.flat()) left.set(sku, (left.get(sku) ?? 0) - quantity);
  return [...left].flatMap(([sku, quantity]) => {
    if (quantity === 0) return [];
    return quantity > 0 ? [`${quantity} of ${sku} too few`] : [`${-quantity} of ${sku} too many`];
  });
}

/** The same contents, in whatever order parcels and lines are named. */
export function areSameContents(
  some: readonly (readonly PackedLine[])[],
  others: readonly (readonly PackedLine[])[],
): boolean {
  return JSON.stringify(ordered(some)) === JSON.stringify(ordered(others));
}

function ordered(contents: readonly (readonly PackedLine[])[]): string[] {
  return contents.map((lines) => JSON.stringify(lines.map(({ sku, quantity }) => [sku, quantity]).sort())).sort();
}
