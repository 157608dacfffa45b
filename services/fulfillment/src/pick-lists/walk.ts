import type { LineKind, OrderLine, StockReserved } from '@retaguarda/contracts';
import { Unprocessable } from '@retaguarda/messaging';

/** One stop of the walk through the store: so many pieces of an order line at one location; services have none. */
export interface Stop {
  readonly line: number;
  readonly sku: string;
  readonly name: string;
  readonly kind: LineKind;
  readonly location: string | null;
  readonly quantity: number;
}

interface Place {
  readonly location: string;
  left: number;
}

/**
 * The lines of an order in the order of the walk: goods by location and SKU, then the services. An order line whose
 * pieces are held at several locations becomes several stops.
 * @throws Unprocessable when the reservation does not hold what the order wants: picking it would make stock drift
 */
export function walkOf({ order, lines }: Pick<StockReserved, 'order' | 'lines'>): Stop[] {
  const places = new Map<string, Place[]>();
  for (const { sku, location, quantity } of lines)
    places.set(sku, [...(places.get(sku) ?? []), { location, left: quantity }]);
  const goods = order.lines.filter(({ kind }) => kind === 'goods').flatMap((line) => stopsOf(line, places));
  const services = order.lines.filter(({ kind }) => kind === 'service').map((line) => stopOf(line, null));
  return [...goods.sort(byPlace), ...services];
}

function stopsOf(line: OrderLine, places: ReadonlyMap<string, Place[]>): Stop[] {
  let wanted = line.quantity;
  const stops: Stop[] = [];
  for (const place of places.get(line.sku) ?? []) {
    const quantity = Math.min(wanted, place.left);
    place.left -= quantity;
    wanted -= quantity;
    if (quantity > 0) stops.push(stopOf({ ...line, quantity }, place.location));
  }
  if (wanted > 0) throw new Unprocessable(`The reservation lacks ${wanted} of ${line.sku} that the order wants.`);
  return stops;
}

function stopOf({ line, sku, name, kind, quantity }: OrderLine, location: string | null): Stop {
  return { line, sku, name, kind, location, quantity };
}

function byPlace(a: Stop, b: Stop): number {
  return compare(a.location ?? '', b.location ?? '') || compare(a.sku, b.sku) || a.line - b.line;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
