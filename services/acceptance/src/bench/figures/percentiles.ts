/** The smallest value that at least this share of the values does not exceed (nearest rank). NaN of nothing. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN;
}

/** Between the two in the middle where their number is even, so that neither the better nor the worse of two rounds counts. */
export function median(values: readonly number[]): number {
  const falling = values.map((value) => -value);
  return (percentile(values, 0.5) - percentile(falling, 0.5)) / 2;
}
