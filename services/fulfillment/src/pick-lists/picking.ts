import type { LineKind, PackedLine } from '@retaguarda/contracts';
import type { Verdict } from './scan.entity.js';
import type { ShortageReason } from './shortage.entity.js';

/** A line of a pick list and how much of it is done. */
export interface PickedLine {
  readonly position: number;
  readonly sku: string;
  readonly kind: LineKind;
  readonly quantity: number;
  readonly picked: number;
}

/** What a scan comes to. `picks` is empty unless it counts. */
export interface Judgement {
  readonly verdict: Verdict;
  /** Pieces of it that the list still wants. */
  readonly wanted: number;
  readonly picks: readonly { readonly position: number; readonly quantity: number }[];
}

/** Holds a scanned code against the list. A service is performed by scanning its code. All of a scan counts, or none. */
export function judge(lines: readonly PickedLine[], code: string, quantity: number): Judgement {
  const ofCode = lines.filter(({ sku }) => sku === code);
  const wanted = missingIn(ofCode);
  if (ofCode.length === 0) return { verdict: 'wrong-item', wanted, picks: [] };
  if (quantity > wanted) return { verdict: 'too-many', wanted, picks: [] };
  let left = quantity;
  const picks = ofCode.flatMap((line) => {
    const taken = Math.min(left, line.quantity - line.picked);
    left -= taken;
    return taken > 0 ? [{ position: line.position, quantity: taken }] : [];
  });
  return { verdict: 'picked', wanted, picks };
}

export function missingIn(lines: readonly PickedLine[]): number {
  return lines.reduce((sum, { quantity, picked }) => sum + quantity - picked, 0);
}

/** The goods of lines, summed by SKU. */
export function goodsIn(
  lines: readonly { readonly sku: string; readonly kind: LineKind; readonly quantity: number }[],
): PackedLine[] {
  const sums = new Map<string, number>();
  for (const { sku, kind, quantity } of lines) if (kind === 'goods') sums.set(sku, (sums.get(sku) ?? 0) + quantity);
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([sku, quantity]) => ({ sku, quantity }));
}

export interface ReportedShortage {
  readonly sku: string;
  readonly reason: ShortageReason;
  readonly quantity: number;
}

/** What keeps a list from being packed, in words; undefined when everything is there. */
export function whatIsMissing(
  lines: readonly PickedLine[],
  shortages: readonly ReportedShortage[],
): string | undefined {
  const missing = [...new Set(lines.map(({ sku }) => sku))].flatMap((sku) => {
    const ofItem = lines.filter((line) => line.sku === sku);
    const count = missingIn(ofItem);
    if (count === 0) return [];
    const reported = shortages.filter((shortage) => shortage.sku === sku);
    return [`${count} of ${sku} ${todo(ofItem[0]!.kind)}${inWords(reported)}`];
  });
  return missing.length === 0 ? undefined : missing.join(', ');
}

function todo(kind: LineKind): string {
  return kind === 'service' ? 'to be performed' : 'to be picked';
}

function inWords(shortages: readonly ReportedShortage[]): string {
  if (shortages.length === 0) return '';
  return ` (shortage: ${shortages.map(({ quantity, reason }) => `${quantity} ${reason}`).join(', ')})`;
}
