import type { MissingItem } from '@retaguarda/contracts';

/** `sales.order-rejected.v1` takes so many reasons. */
const MOST_REASONS = 50;

/** One sentence for each missing item, for people to read; the last one counts those that found no room. */
export function reasonsFor(missing: readonly MissingItem[]): string[] {
  const shown = missing.length > MOST_REASONS ? missing.slice(0, MOST_REASONS - 1) : missing;
  const reasons = shown.map(
    ({ sku, requested, available }) => `${sku}: ${requested} requested, ${available} available`,
  );
  const others = missing.length - shown.length;
  return others > 0 ? [...reasons, `and ${others} more items`] : reasons;
}
