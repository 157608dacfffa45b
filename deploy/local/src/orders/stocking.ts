import { draw } from './draw.js';
import { grouped } from './grouped.js';
import type { SubmittedOrder } from './submitted-order.js';
import { catalogueOf } from './to-orders.js';
import type { CatalogueItem } from './to-orders.js';

/** A body of `POST /receipts`. */
export interface Receipt {
  reference: string;
  lines: { sku: string; name: string; quantity: number }[];
}

export interface Stocking {
  receipts: Receipt[];
  /** SKUs that get less than the orders want. */
  shortSkus: string[];
  /**
   * Orders that find too little if they are taken one after the other in the feed's sequence, none with stock before.
   */
  expectedRejections: number;
}

const linesPerReceipt = 500;
/** One SKU in twelve may be short, and then gets 60 % of what the orders want of it. */
const shortOneIn = 12;
const shortSupply = { numerator: 6, denominator: 10 };
/**
 * Short SKUs are added until about this share of the orders cannot be served; one that would exceed `most` is skipped.
 */
const rejectedShare = { enough: 0.06, most: 0.09 };

/**
 * The goods to receive before these orders come: all that they want, but deliberately not of everything, so that 5 to
 * 10 % of them are rejected (none of a feed too small for that). Deterministic; the references are the same for the
 * same run, seed and number of orders, so that receiving twice adds nothing.
 */
export function stockingFor(
  orders: readonly SubmittedOrder[],
  { seed, run }: { seed: string; run?: string },
): Stocking {
  const catalogue = catalogueOf(orders);
  const short = chooseShortItems(catalogue, orders, seed);
  const lines = catalogue
    .map(({ sku, name, demand }) => ({ sku, name, quantity: short.skus.has(sku) ? shortened(demand) : demand }))
    .filter(({ quantity }) => quantity > 0);
  const prefix = `sample-${run ? `${run}-` : ''}seed${seed}-${orders.length}`;
  const chunks = grouped(lines.entries(), ([index]) => Math.floor(index / linesPerReceipt));
  const receipts = [...chunks].map(([chunk, entries]) => ({
    reference: `${prefix}-${chunk + 1}`,
    lines: entries.map(([, line]) => line),
  }));
  return { receipts, shortSkus: [...short.skus], expectedRejections: short.rejections };
}

function shortened(demand: number): number {
  return Math.floor((demand * shortSupply.numerator) / shortSupply.denominator);
}

function chooseShortItems(catalogue: readonly CatalogueItem[], orders: readonly SubmittedOrder[], seed: string) {
  const candidates = catalogue
    .map(({ sku }) => ({ sku, lot: draw(seed, sku, 'short') }))
    .filter(({ lot }) => lot < 1 / shortOneIn)
    .sort((a, b) => a.lot - b.lot);
  const wants = orders.map(wantedBySku);
  const skus = new Set<string>();
  let rejections = 0;
  for (const { sku } of candidates) {
    if (rejections >= rejectedShare.enough * orders.length) break;
    skus.add(sku);
    const then = rejectionsWith(skus, catalogue, wants);
    if (then > rejectedShare.most * orders.length) skus.delete(sku);
    else rejections = then;
  }
  return { skus, rejections };
}

/** Serves the orders one after the other, each as a whole or not at all, and counts those that find too little. */
function rejectionsWith(
  short: ReadonlySet<string>,
  catalogue: readonly CatalogueItem[],
  wants: readonly ReadonlyMap<string, number>[],
): number {
  const left = new Map(
    catalogue.filter(({ sku }) => short.has(sku)).map(({ sku, demand }) => [sku, shortened(demand)]),
  );
  let rejections = 0;
  for (const wanted of wants) {
    const scarce = [...left.keys()].filter((sku) => wanted.has(sku));
    const canServe = scarce.every((sku) => (wanted.get(sku) ?? 0) <= (left.get(sku) ?? 0));
    if (!canServe) rejections += 1;
    else for (const sku of scarce) left.set(sku, (left.get(sku) ?? 0) - (wanted.get(sku) ?? 0));
  }
  return rejections;
}

function wantedBySku({ lines }: SubmittedOrder): ReadonlyMap<string, number> {
  const wanted = new Map<string, number>();
  for (const { sku, quantity, kind } of lines) {
    if (kind !== 'service') wanted.set(sku, (wanted.get(sku) ?? 0) + quantity);
  }
  return wanted;
}
