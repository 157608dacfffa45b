/** A moment says little. */
const LEAST_SECONDS = 10;

/**
 * The order in which backlogs are worked off: up to the largest and back again, so that a machine that becomes slower or
 * faster meanwhile treats small and large alike. A size that takes less than 10 s comes several times, each way.
 */
export function thereAndBack(sizes: readonly number[], ordersPerSecond: number): number[] {
  const rising = [...sizes].sort((one, other) => one - other);
  return [...rising, ...rising.slice(0, -1).reverse()].flatMap((size) => {
    return Array<number>(Math.ceil((LEAST_SECONDS * ordersPerSecond) / size)).fill(size);
  });
}
