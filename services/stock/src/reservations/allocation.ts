import type { Place } from '../shelf/shelf.js';

/** What an order wants of the shelf. */
export interface Demand {
  readonly orderId: string;
  readonly lines: readonly { readonly sku: string; readonly quantity: number }[];
}

export interface Allocated {
  readonly orderId: string;
  readonly lines: readonly { readonly sku: string; readonly location: string; readonly quantity: number }[];
}

export interface Short {
  readonly orderId: string;
  readonly missing: readonly { readonly sku: string; readonly requested: number; readonly available: number }[];
}

/**
 * Gives the orders, in the order of arrival, what is free: each order all of it or nothing. Lines of the same item are
 * summed first, or two lines would each pass alone. Places are used in the order given; an item may come from several.
 */
export function allocate(
  demands: readonly Demand[],
  places: readonly Place[],
): { allocated: Allocated[]; short: Short[] } {
  const free = new Map<string, { location: string; available: number }[]>();
  for (const { sku, location, available } of places) {
    const ofItem = free.get(sku);
    if (ofItem) ofItem.push({ location, available });
    else free.set(sku, [{ location, available }]);
  }
  const allocated: Allocated[] = [];
  const short: Short[] = [];
  for (const { orderId, lines } of demands) {
    const wanted = sumBySku(lines);
    const missing = [...wanted].flatMap(([sku, requested]) => {
      const available = (free.get(sku) ?? []).reduce((sum, place) => sum + place.available, 0);
      return available < requested ? [{ sku, requested, available }] : [];
    });
    if (missing.length > 0) short.push({ orderId, missing });
    else
      allocated.push({ orderId, lines: [...wanted].flatMap(([sku, quantity]) => take(free.get(sku)!, sku, quantity)) });
  }
  return { allocated, short };
}

function sumBySku(lines: Demand['lines']): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { sku, quantity } of lines) sums.set(sku, (sums.get(sku) ?? 0) + quantity);
  return sums;
}

function take(places: { location: string; available: number }[], sku: string, quantity: number): Allocated['lines'] {
  let left = quantity;
  return places.flatMap((place) => {
    const taken = Math.min(left, place.available);
    place.available -= taken;
    left -= taken;
    return taken > 0 ? [{ sku, location: place.location, quantity: taken }] : [];
  });
}
